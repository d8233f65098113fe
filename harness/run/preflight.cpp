#include "harness/run/preflight.hpp"

#include <sys/resource.h>

#include <fmt/format.h>

#include <algorithm>
#include <fstream>

namespace firstfin::run {

namespace {

/// Two kernel sockets, the roles' objects and the harness's timeline of one trial: measured 8 to 11 KB.
constexpr std::uint64_t bytes_per_trial = 14'000;
constexpr std::uint64_t bytes_fixed = 120'000'000;
/// Pipes, timers, epoll, and room for a listener each of a few policies.
constexpr std::uint64_t descriptors_fixed = 64;

}  // namespace

needs needs_of(const std::vector<experiment::plan>& plans, std::uint64_t descriptor_limit, std::uint64_t memory_available) {
    needs out;
    out.memory_available = memory_available;
    // In the worst case every trial has a server policy of its own: a listener and a connection.
    out.trials_per_pair = static_cast<std::size_t>(descriptor_limit > descriptors_fixed ? descriptor_limit - descriptors_fixed : 0);
    for (const auto& plan : plans) {
        std::vector<std::uint64_t> by_stage(plan.stages.size());
        std::vector<std::uint64_t> policies(plan.stages.size());
        for (const auto& cell : plan.cells) {
            by_stage[cell.stage] += plan.what.replicates;
            policies[cell.stage] += cell.scaled.server.close_window ? plan.what.replicates : 1;
        }
        for (std::size_t stage = 0; stage < by_stage.size(); ++stage) {
            if (by_stage[stage] + policies[stage] + descriptors_fixed > descriptor_limit)
                out.trials_per_pair = std::min<std::size_t>(out.trials_per_pair, (descriptor_limit - std::min(descriptor_limit, descriptors_fixed)) / 2);
            out.trials += by_stage[stage];
        }
    }
    out.trials_per_pair = std::max<std::size_t>(1, out.trials_per_pair);
    for (const auto& plan : plans) {
        std::vector<std::uint64_t> by_stage(plan.stages.size());
        for (const auto& cell : plan.cells) by_stage[cell.stage] += plan.what.replicates;
        for (const auto count : by_stage) {
            out.process_pairs += (count + out.trials_per_pair - 1) / out.trials_per_pair;
            out.descriptors = std::max(out.descriptors, std::min<std::uint64_t>(count, out.trials_per_pair) + descriptors_fixed);
        }
    }
    out.memory = bytes_fixed + out.trials * bytes_per_trial;
    return out;
}

void check_needs(const needs& what) {
    if (what.memory > what.memory_available)
        throw environment_lacks(fmt::format("{} trials at once need about {} MB of memory, {} MB are available: use fewer values in the sweep, or "
                                            "--replicates with a smaller number",
                                            what.trials, what.memory / 1'000'000, what.memory_available / 1'000'000));
    if (what.descriptors < descriptors_fixed + 1 || what.trials_per_pair < 8)
        throw environment_lacks("a process may open too few files here: raise the hard limit (ulimit -Hn) to 1024 or more");
    constexpr std::size_t most_pairs = 64;
    if (what.process_pairs > most_pairs)
        throw environment_lacks(fmt::format("{} trials at once need {} pairs of processes with {} open files each, more than {}: raise the hard "
                                            "limit on open files (ulimit -Hn), or sweep fewer values",
                                            what.trials, what.process_pairs, what.descriptors, most_pairs));
}

std::uint64_t raise_descriptor_limit() {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    return limit.rlim_max;
}

std::uint64_t available_memory() {
    std::ifstream meminfo("/proc/meminfo");
    std::string name;
    std::uint64_t kilobytes = 0;
    std::string unit;
    while (meminfo >> name >> kilobytes >> unit)
        if (name == "MemAvailable:") return kilobytes * 1024;
    return 0;
}

}  // namespace firstfin::run
