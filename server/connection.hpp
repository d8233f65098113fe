#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/intrusive/list_hook.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <memory>
#include <string_view>

#include "core/deadlines.hpp"
#include "core/role_protocol.hpp"
#include "server/keepalive_decision.hpp"

namespace firstfin {

class listener;
struct common_ground;
class request_reader;

/// One accepted connection: a plain object that waits for bytes or for its deadline. Parser, buffer and coroutine exist
/// only while a request is read and answered (serve_requests.cpp).
///
/// Whoever may still call it owns a share: each queued handler, the coroutine, and the connection itself until it has
/// ended. A handler that comes late finds `phase::ended` and does nothing; then the last share goes.
class connection final
    : public boost::intrusive_ref_counter<connection, boost::thread_unsafe_counter>,
      public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>>,
      private deadlines::hook {
public:
    using socket_type = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

    /// Begins its life; from here on it looks after itself.
    static void open(listener& home, socket_type socket, const endpoint& local, const endpoint& remote);
    ~connection() override;

    /// The process stops at once.
    void stop();
    /// The process finishes what it began: ends here unless a request is being served.
    void finish();

private:
    using share = boost::intrusive_ptr<connection>;
    struct exchange;

    enum class phase : std::uint8_t {
        idle,     ///< waits for the first byte of a request, the first one included
        reading,  ///< has part of a request
        responding,
        lingering,   ///< its FIN is out; drops input until the client's
        awaits_fin,  ///< said close and leaves the first FIN to the client
        forgotten,   ///< on_client_fin = ignore: CLOSE_WAIT until the process ends
        ended,
    };

    /// What the coroutine leaves to be done when its frame is gone.
    struct next_step {
        enum class kind : std::uint8_t { nothing, park, close, lost } what = kind::nothing;
        role::close_reason reason{};
        boost::system::error_code failed{};

        [[nodiscard]] static next_step park() { return {kind::park}; }
        [[nodiscard]] static next_step close(role::close_reason why) { return {kind::close, why}; }
        [[nodiscard]] static next_step lost(boost::system::error_code how) { return {kind::lost, {}, how}; }
    };

    connection(listener& home, socket_type socket, const endpoint& local, const endpoint& remote);

    [[nodiscard]] const server_policy& policy() const;
    [[nodiscard]] common_ground& ground() const;

    void park();
    void wait_readable();
    void on_readable();
    void on_deadline(duration lateness) override;
    void receive_request();
    void drop_input();
    void look_for_fin();

    void begin_serving(std::string_view first_bytes);
    boost::asio::awaitable<next_step> serve_requests(share self);
    boost::asio::awaitable<boost::system::error_code> send_body(std::size_t size);
    boost::asio::awaitable<boost::system::error_code> send_paced(std::string_view head, std::size_t body_size);
    void carry_out(next_step next);
    void arm_reading_limit(bool header_complete);
    void take_request(const request_reader& request);
    [[nodiscard]] after_response settle();

    /// Reports the client's FIN or RST and closes for it.
    void end_of_input(const boost::system::error_code& failed);
    /// The only way a connection ends.
    void close_with(role::close_reason reason, std::optional<duration> lateness = {}, std::string_view detail = {});
    void linger();
    void await_fin();
    void forget();
    void end();

    [[nodiscard]] role::event event_of(role::event_kind kind) const;
    void report(const role::event& what) const;

    listener& home_;
    socket_type socket_;
    share self_;                          ///< until it has ended
    std::unique_ptr<exchange> exchange_;  ///< while requests are served
    endpoint local_;
    endpoint remote_;
    std::uint64_t id_;
    time_point accepted_at_;
    time_point mark_;  ///< reading: first byte; idle: last byte handed to the kernel; lingering: its end
    std::uint32_t requests_ = 0;
    phase phase_ = phase::idle;
    bool waiting_ = false;     ///< a wait for readability is queued
    bool says_close_ = false;  ///< the response under way does, or the last one did
    bool eof_noted_ = false;
    role::close_reason ends_for_{};  ///< why it says close
};

}  // namespace firstfin
