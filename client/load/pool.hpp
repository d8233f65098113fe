#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <vector>

#include "client/load/load_connection.hpp"
#include "client/load/schedule.hpp"

namespace firstfin::load {

/// One thread's connections, and who of them asks when.
class pool final : private load_owner {
public:
    /// `share`: this thread's part of the order, connections and rate divided. `loop` runs in one thread.
    pool(boost::asio::io_context& loop, const order& share, std::uint64_t seed);

    /// Opens what a closed loop needs at once. The measured phase is [from, until).
    void start(time_point now, time_point from, time_point until);
    /// Ends the phase at `now` if it has not ended yet, waits for no answer any more, and lets the loop run out.
    void stop(time_point now);

    [[nodiscard]] bool is_over() const { return stopped_; }
    /// Complete when it is over.
    [[nodiscard]] const tally& counts() const { return counts_; }

private:
    void on_open(load_connection& which) override;
    void on_answer(load_connection& which, const sample& what, int status) override;
    void on_closed(load_connection& which, std::optional<failure> why) override;

    [[nodiscard]] bool is_open_loop() const { return due_.has_value(); }
    /// Sends what this connection may carry now: everything in a closed loop, in an open one what is due.
    void feed(load_connection& which);
    /// Open loop: gives what is due to connections with room, opens one where none has, sets the alarm for the next.
    void dispatch();
    void set_alarm();
    /// Somebody may have room now for what nobody had when it was due; without an alarm nobody would look.
    void wake();
    void tick();
    /// Nothing of the phase is outstanding any more.
    [[nodiscard]] bool is_done(time_point now) const;
    void record(const sample& what);
    void offer(load_connection& which);

    order what_;
    tally counts_;
    load_room room_;
    std::optional<schedule> due_;
    std::uint64_t seed_;
    boost::asio::steady_timer alarm_;
    boost::asio::steady_timer ticks_;
    std::vector<std::unique_ptr<load_connection>> connections_;
    std::vector<load_connection*> with_room_;  ///< open loop; last in, first out, as pools do
    std::vector<load_connection*> closed_;     ///< open loop: may be opened
    std::vector<load_connection*> resting_;    ///< could not be made: again at the next tick
    bool alarmed_ = false;
    bool stopped_ = false;
};

}  // namespace firstfin::load
