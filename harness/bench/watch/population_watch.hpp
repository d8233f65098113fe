#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "harness/bench/result.hpp"
#include "harness/witness/sock_diag.hpp"

namespace firstfin::bench {

/// TIME_WAIT at both ends and the client's ports, sampled while a run goes on. Runs in the io_context it is given, from
/// construction until it is finished or gone.
///
/// A sample lists the kernel's tables, which takes the longer the more is in them, in whichever namespace: the table is
/// shared (half a millisecond of CPU when it is empty, up to 15 ms at 27,500 TIME_WAITs). So that the watching does not
/// become part of what is measured, samples are further apart than asked where they would take more than 2 % of a CPU.
class population_watch {
public:
    static constexpr duration default_interval = std::chrono::milliseconds(250);

    /// A side without a listing is not seen: its numbers stay empty. `server` as the client's sockets know it, which
    /// are of its family; the server's own may be dual-stack.
    population_watch(boost::asio::io_context& context, const endpoint& server,
                     std::optional<witness::sock_diag> at_client, std::optional<witness::sock_diag> at_server,
                     duration interval = default_interval);
    ~population_watch();
    population_watch(const population_watch&) = delete;
    population_watch& operator=(const population_watch&) = delete;

    /// One more, now.
    void sample();
    /// No more of its own accord.
    void finish();

    /// The samples of the phase, in time's order, with their distance from its beginning.
    [[nodiscard]] std::vector<population> within(time_point began, duration lasted) const;
    /// CPU time of this thread in all samples so far.
    [[nodiscard]] duration cost() const { return cost_; }

private:
    struct moment {
        time_point at;
        population seen;
    };
    void sample_and_wait();
    [[nodiscard]] population look();

    endpoint server_;
    std::optional<witness::sock_diag> at_client_;
    std::optional<witness::sock_diag> at_server_;
    duration interval_;
    duration cost_{};
    std::vector<moment> samples_;
    boost::asio::steady_timer timer_;
    std::shared_ptr<bool> watching_ = std::make_shared<bool>(true);  // a queued handler outlives a cancel, and runs
};

}  // namespace firstfin::bench
