#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/circular_buffer.hpp>
#include <optional>
#include <string>
#include <vector>

#include "client/load/framed_response.hpp"
#include "client/load/tally.hpp"

namespace firstfin::load {

class load_connection;

/// What a connection tells of itself; whoever owns it decides what is next. Each call is the connection's last deed
/// before it returns to the loop: the owner may send, open or close from inside.
class load_owner {
public:
    virtual void on_open(load_connection& which) = 0;
    /// One response is whole. `sent` and `intended` are its request's.
    virtual void on_answer(load_connection& which, const sample& what, int status) = 0;
    /// The connection is gone, closed by either side or never made; what it had not answered is counted.
    virtual void on_closed(load_connection& which, std::optional<failure> why) = 0;

protected:
    ~load_owner() = default;
};

/// What all connections of a thread share.
struct load_room {
    boost::asio::io_context& loop;
    const order& what;
    std::string request;       ///< the bytes of one
    std::string last_request;  ///< of the last one on a connection
    tally& counts;
    load_owner& owner;
    time_point from{};  ///< of the measured phase
    time_point until{};

    [[nodiscard]] bool measures(time_point at) const { return at >= from && at < until; }
    /// Of a closed loop what happens in the phase counts; of an open loop what was meant for it, whenever it happens.
    [[nodiscard]] bool counts_request(time_point intended, time_point now) const {
        return measures(what.rate ? intended : now);
    }
};

/// One place for a connection of the load, which comes and goes. Callbacks instead of coroutines: at 200,000 requests a
/// second a frame a request shows.
class load_connection {
public:
    explicit load_connection(load_room& room);

    void open();
    /// Puts one request into the next flush(), also while the connection is being made. `intended` is when it was meant
    /// to be sent; none: when it is. The last one that this connection may carry says close when the server is to.
    void send(time_point intended = {});
    /// Sends what was put.
    void flush();
    /// By the order's manner, as the client's own will.
    void close();
    /// By RST, so that no TIME_WAIT is there that the load did not make: the run is over. Who has waited since before
    /// the phase, or in an open loop was meant for it, has met silence.
    void cut();
    /// Closes what has waited since before `limit`.
    void check(time_point limit);

    [[nodiscard]] bool is_closed() const { return state_ == state::closed; }
    /// May carry another request now.
    [[nodiscard]] bool has_room() const;
    /// Has carried all it may, and has every answer.
    [[nodiscard]] bool is_spent() const;
    [[nodiscard]] std::uint64_t waiting() const { return outstanding_.size(); }
    bool listed = false;  ///< the owner's mark: stands in its list of those with room

private:
    enum class state : std::uint8_t { closed, connecting, open, leaving /* the server is to close */ };
    struct asked {
        time_point intended;
        time_point sent;
    };

    void on_connected(const boost::system::error_code& failed);
    void read();
    void read_soon();
    void on_read(const boost::system::error_code& failed, std::size_t bytes);
    /// False when the connection is gone or another one now.
    bool take_answers();
    void on_end(const boost::system::error_code& failed);
    void write_rest(std::size_t from);
    void finish(std::optional<failure> why);
    void count_close(std::optional<failure> why);
    void count_failure(failure why, time_point now);
    void count_wait(time_point intended, time_point now);
    void took_error(const boost::system::error_code& failed);

    load_room& room_;
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type> socket_;
    std::optional<framed_response> response_;
    boost::circular_buffer<asked> outstanding_;
    std::vector<char> buffer_;
    std::size_t filled_ = 0;
    std::string unsent_;         ///< of the requests begun
    time_point since_{};         ///< connecting, or leaving, since
    std::uint32_t carried_ = 0;  ///< requests on this connection
    std::uint32_t life_ = 0;     ///< number of the connection in this place: late handlers look at it
    state state_ = state::closed;
    bool writing_ = false;
    bool ends_ = false;  ///< the server said close
    bool resets_ = false;
    bool server_closed_ = false;  ///< its FIN was read
};

}  // namespace firstfin::load
