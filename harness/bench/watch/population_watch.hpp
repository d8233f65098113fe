#pragma once

#include <boost/asio/steady_timer.hpp>
#include <vector>

#include "harness/bench/result.hpp"
#include "harness/witness/sock_diag.hpp"

namespace firstfin::bench {

/// Looks at the socket tables of both sides again and again, from `start` to `stop`. A look at a full table takes
/// milliseconds: the next one comes after at least fifty times as long, so that watching costs 2 % of a CPU at most.
class population_watch {
public:
    /// A table that is null cannot be seen. `server`: where the client's sockets go. All outlive this object.
    population_watch(boost::asio::io_context& loop, witness::sock_diag* client, witness::sock_diag* server,
                     const endpoint& address);

    void start(time_point phase_began);
    /// Looks once more, and no more.
    void stop();

    [[nodiscard]] const std::vector<population>& samples() const { return samples_; }

private:
    void look();

    boost::asio::steady_timer timer_;
    witness::sock_diag* client_;
    witness::sock_diag* server_;
    endpoint address_;
    time_point began_{};
    bool running_ = false;
    std::vector<population> samples_;
};

}  // namespace firstfin::bench
