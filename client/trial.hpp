#pragma once

#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <memory>

#include "client/connection.hpp"
#include "client/ending.hpp"
#include "client/response_scanner.hpp"
#include "client/splitmix64.hpp"
#include "core/deadlines.hpp"

namespace firstfin::client {

/// One observed connection under a policy and a scenario. While idle it is this plain object: one hook among the
/// deadlines and, if the policy notices FINs, one wait for readability. Parser, buffer and coroutine exist only while a
/// request is under way (exchange.hpp).
///
/// Queued handlers own a share and come too late at times: they look at the phase, and at the number of the wait that
/// they belong to, before they touch anything.
class trial final : public boost::intrusive_ref_counter<trial, boost::thread_unsafe_counter>, private deadlines::hook {
public:
    trial(trial_room& room, std::size_t place);

    /// The caller has taken a place in the gate.
    void start();
    /// Ends at once, wherever it is.
    void stop();

private:
    enum class phase : std::uint8_t {
        connecting,
        conversing,   ///< the exchange coroutine runs
        parked,       ///< idle
        reading_out,  ///< nothing more to send; reads until the server ends it
        ended,
    };
    using share = boost::intrusive_ptr<trial>;

    [[nodiscard]] const role::client_order::trial& spec() const { return room_.order.trials[place_]; }
    [[nodiscard]] const client_policy& policy() const { return room_.order.policies[spec().policy]; }
    [[nodiscard]] const scenario& plot() const { return room_.order.scenarios[spec().scenario]; }

    void on_connected(const boost::system::error_code& failed, time_point at);
    void follow(const next_step& next);

    void send_request();
    void send_and_abort();
    void send_raw();
    [[nodiscard]] std::string next_request() const;
    void tell_request();
    void on_response(const exchange_result& got);
    void on_failure(const exchange_result& got);
    void retry();

    void park(const next_step& next);
    void on_deadline(duration lateness) override;
    void use_again();

    void watch();
    void on_readable();
    void on_idle_bytes();
    void read_out();
    void scan(std::string_view bytes);
    void tell_response(const scanned_response& response);
    void end_reading(const boost::system::error_code& failed);

    /// Closes the connection and with it the trial.
    void end_with(role::close_reason reason, close_notes extra = {});
    void tell(role::event_kind kind, std::string detail = {});
    void finish();

    trial_room& room_;
    std::size_t place_;
    connection connection_;
    splitmix64 draw_;
    std::unique_ptr<response_scanner> scanner_;  ///< raw only
    time_point idle_since_{};                    ///< last response byte, or the handshake
    time_limit idle_limit_;                      ///< what a lazy pool compares the age with
    std::uint32_t asked_ = 0;                    ///< requests of the scenario that were begun
    std::uint32_t ordinal_ = 0;                  ///< requests on the present connection
    std::uint32_t wait_ = 0;                     ///< number of the present wait for readability
    phase phase_ = phase::connecting;
    bool wakes_to_send_ = false;
    bool half_closed_ = false;
    bool retrying_ = false;
};

}  // namespace firstfin::client
