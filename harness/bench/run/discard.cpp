#include "harness/bench/run/discard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/bench/run/settings.hpp"

namespace firstfin::bench {

namespace {

/// Shares of the phase. A closed loop may be busy all the time: it then measures both sides, and the notes say so.
constexpr double starved_limit = 0.05;
constexpr double busy_limit = 0.95;

std::uint64_t count_of(const load::report& load, load::failure which) {
    const auto found = load.failures.find(which);
    return found == load.failures.end() ? 0 : found->second;
}

}  // namespace

std::vector<std::string> reasons_to_discard(const bench_case& what, std::uint32_t threads, const load::report& load,
                                            const disturbances& seen) {
    std::vector<std::string> out;
    if (!seen.server_ended.empty()) out.push_back(seen.server_ended);
    if (load.lasted <= duration::zero()) {
        out.emplace_back("it was stopped before the measured phase began");
        return out;
    }
    if (load.requests == 0 && !wants_exhaustion(what))
        out.emplace_back("no request was answered: does the target serve this path over HTTP/1.1?");
    if (const auto failed = count_of(load, load::failure::no_port); failed != 0 && !wants_exhaustion(what))
        out.push_back(fmt::format(
            "the client ran out of ports (EADDRNOTAVAIL, {} times): this measures its port range; let the server close "
            "(--ends server), lower the rate, or see experiments/reuse/ports.toml",
            failed));
    if (const auto failed = count_of(load, load::failure::descriptors); failed != 0)
        out.push_back(
            fmt::format("the load side ran out of descriptors, {} times: raise the limit (ulimit -n)", failed));
    const double phase = seconds_of(load.lasted) * std::min(threads, what.connections);
    if (const double share = seconds_of(load.starved) / phase; share > starved_limit)
        out.push_back(fmt::format(
            "too little CPU on the load side: it could have run and had no CPU for {:.0f} % of the phase; leave the "
            "machine alone, or take fewer --threads",
            100 * share));
    if (const double share = seconds_of(load.cpu) / phase; what.rate && share > busy_limit)
        out.push_back(fmt::format(
            "too little CPU on the load side: it was busy for {:.0f} % of the phase and could not keep the rate; lower "
            "it, or take more --threads",
            100 * share));
    if (seen.capture_lost != 0)
        out.push_back(fmt::format("the capture lost {} segments: who closed first is not known", seen.capture_lost));
    if (seen.time_wait_overflow != 0)
        out.push_back(
            fmt::format("tcp_max_tw_buckets was reached: {} TIME_WAIT entries are missing; raise it with --sysctl",
                        seen.time_wait_overflow));
    return out;
}

}  // namespace firstfin::bench
