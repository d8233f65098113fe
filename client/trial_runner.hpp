#pragma once

#include <functional>
#include <vector>

#include "client/trial.hpp"
#include "client/trial_room.hpp"

namespace firstfin::client {

/// Starts the trials of an order, in its order, none before its moment and never more handshakes at once than allowed,
/// and keeps them until they are over.
class trial_runner : private deadlines::hook {
public:
    /// Throws bad_input when a scenario cannot be put on the wire.
    trial_runner(boost::asio::io_context& loop, role::client_order order, std::string host, event_sink tell);
    ~trial_runner() = default;

    /// Offsets count from `ready`. `on_all_over` runs once, when no trial is left, or after stop().
    void start(time_point ready, std::function<void()> on_all_over);
    /// Closes every connection and starts nothing more.
    void stop();

private:
    void on_deadline(duration) override { start_due(); }
    void start_due();
    void on_over(std::size_t place);
    void leave_the_loop();

    trial_room room_;
    std::vector<boost::intrusive_ptr<trial>> live_;  ///< by place in the order; empty: not begun, or over
    std::function<void()> on_all_over_;
    time_point ready_{};
    std::size_t next_ = 0;
    std::size_t over_ = 0;
    bool starting_ = false;
    bool stopped_ = false;
};

}  // namespace firstfin::client
