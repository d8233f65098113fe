#include "harness/run/preflight.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/system/system_error.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "harness/run/footprint.hpp"
#include "harness/sandbox/sysctl.hpp"
#include "harness/sandbox/tap_device.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::run {

namespace {

struct use {
    std::uint64_t trials = 0;
    std::uint64_t listeners = 0;  ///< one a distinct server policy; a drawn close window makes one a trial
};

use use_of(const experiment::plan& plan, std::uint32_t stage) {
    use out;
    std::vector<const server_policy*> distinct;
    for (const auto& cell : plan.cells) {
        if (cell.stage != stage) continue;
        out.trials += plan.what.replicates;
        const auto& policy = cell.scaled.server;
        if (policy.close_window)
            out.listeners += plan.what.replicates;
        else if (std::ranges::none_of(distinct, [&](const auto* one) { return *one == policy; }))
            distinct.push_back(&policy);
    }
    out.listeners += distinct.size();
    return out;
}

}  // namespace

needs needs_of(const std::vector<experiment::plan>& plans, std::uint64_t descriptor_limit,
               std::uint64_t memory_available) {
    needs out;
    out.memory_available = memory_available;
    const auto usable = descriptor_limit - std::min(descriptor_limit, footprint::descriptors_fixed);
    out.trials_per_pair = static_cast<std::size_t>(std::max<std::uint64_t>(1, usable));
    std::vector<std::uint64_t> trials_of_stages;
    for (const auto& plan : plans)
        for (std::uint32_t stage = 0; stage < plan.stages.size(); ++stage) {
            const auto used = use_of(plan, stage);
            trials_of_stages.push_back(used.trials);
            out.trials += used.trials;
            out.descriptors = std::max(out.descriptors, used.trials + used.listeners + footprint::descriptors_fixed);
            // Too many for one pair of processes: each then has room for its share and, at worst, a listener for every
            // trial.
            if (out.descriptors > descriptor_limit)
                out.trials_per_pair = std::max<std::size_t>(1, std::min<std::size_t>(out.trials_per_pair, usable / 2));
        }
    out.descriptors = std::min(out.descriptors, descriptor_limit);
    for (const auto trials : trials_of_stages)
        out.process_pairs += (trials + out.trials_per_pair - 1) / out.trials_per_pair;
    out.memory = footprint::bytes_fixed + out.trials * footprint::bytes_per_trial;
    return out;
}

void check_needs(const needs& what) {
    if (what.memory > what.memory_available)
        throw environment_lacks(fmt::format(
            "{} trials at once need about {} MB of memory, {} MB are available: use fewer values in the sweep, or "
            "--replicates with a smaller number",
            what.trials, what.memory / 1'000'000, what.memory_available / 1'000'000));
    if (what.descriptors < footprint::descriptors_fixed + 1 || what.trials_per_pair < 8)
        throw environment_lacks(
            "a process may open too few files here: raise the hard limit (ulimit -Hn) to 1024 or more");
    if (what.process_pairs > footprint::most_process_pairs)
        throw environment_lacks(fmt::format(
            "{} trials at once need {} pairs of processes with {} open files each, more than {}: raise the hard "
            "limit on open files (ulimit -Hn), or sweep fewer values",
            what.trials, what.process_pairs, what.descriptors, footprint::most_process_pairs));
}

void check_sysctls(const experiment::plan& what) {
    for (const auto& stage : what.stages)
        for (const auto& sysctls : {stage.server_sysctls, stage.client_sysctls}) {
            if (sysctls.empty()) continue;
            const auto scratch = sandbox::network_namespace::create();
            for (const auto& [name, value] : sysctls)
                try {
                    sandbox::set_sysctl(scratch, name, value);
                } catch (const boost::system::system_error& refused) {
                    const auto words =
                        fmt::format("{}: sysctl {} = {}: {}", what.what.name, name, value, refused.what());
                    const auto error = refused.code().value();
                    if (error == EPERM || error == EACCES || error == EROFS)
                        throw environment_lacks(words + ": run as root, outside of containers (--sandbox netns)");
                    throw bad_input(words);
                }
        }
}

void check_links(const experiment::plan& what) {
    if (std::ranges::all_of(what.stages, [](const auto& one) { return one.link_delay == duration::zero(); })) return;
    if (const auto missing = sandbox::missing_tap())
        throw environment_lacks(fmt::format("{}: link.delay needs TAP interfaces: {}", what.what.name, *missing));
}

void check_programs(const experiment::plan& what) {
    std::set<std::string_view> missing;
    std::set<std::string_view> packages;
    const auto need = [&](std::string_view name, const subjects::installation& from) {
        if (from.programs.empty() || subjects::find_program(from)) return;
        missing.insert(name);
        packages.insert(from.packages.begin(), from.packages.end());
    };
    for (const auto& stage : what.stages) {
        if (stage.server_program) {
            const auto& subject = subjects::find_server(stage.server_program.id);
            need(subject.name, subject.comes_from);
        }
        if (!stage.client_program.empty()) {
            const auto& subject = subjects::find_client(stage.client_program);
            need(subject.name, subject.comes_from);
        }
    }
    if (missing.empty()) return;
    throw environment_lacks(fmt::format(
        "{}: {} {} not here: apt-get install --no-install-recommends {} (firstfin subjects lists what is here)",
        what.what.name, fmt::join(missing, ", "), missing.size() == 1 ? "is" : "are", fmt::join(packages, " ")));
}

std::vector<program_wave> waves_of(const experiment::plan& what, std::uint64_t memory) {
    std::vector<program_wave> out;
    std::map<std::string, duration> longest;
    for (const auto& cell : what.cells) {
        const auto& id = cell.scaled.client_program.id;
        if (id.empty()) continue;
        auto& one = longest[id];
        one = std::max(one, cell.scaled.browser_age + experiment::observed_for(cell, what.what.observe));
    }
    for (const auto& [id, life] : longest) {
        const auto& subject = subjects::find_client(id);
        program_wave one;
        one.name = subject.name;
        one.trials =
            what.what.replicates *
            static_cast<std::uint64_t>(std::ranges::count(
                what.cells, id, [](const auto& cell) -> const std::string& { return cell.scaled.client_program.id; }));
        one.at_once = std::clamp<std::uint64_t>(memory / subject.memory, 1, one.trials);
        one.spacing = subject.spacing;
        const auto rounds = static_cast<std::int64_t>((one.trials + one.at_once - 1) / one.at_once);
        const auto round = std::max(life, subject.spacing * static_cast<std::int64_t>(one.at_once));
        one.expected = (rounds - 1) * round +
                       subject.spacing * static_cast<std::int64_t>(
                                             one.trials - one.at_once * (static_cast<std::uint64_t>(rounds) - 1)) +
                       life;
        out.push_back(std::move(one));
    }
    return out;
}

duration expected_wall(const experiment::plan& what, std::uint64_t memory) {
    auto longest = what.expected_wall();
    for (const auto& one : waves_of(what, memory))
        longest = std::max(longest, one.expected);
    return longest;
}

std::uint64_t memory_for_programs() {
    return available_memory() / 4 * 3;
}

host_network this_network() {
    const auto here = sandbox::network_namespace::own();
    host_network out;
    out.time_wait_limit = parse_whole_number(sandbox::get_sysctl(here, "net.ipv4.tcp_max_tw_buckets")).value();
    std::ifstream sockstat("/proc/thread-self/net/sockstat");
    // TCP: inuse 5 orphan 0 tw 3 alloc 7 mem 1
    for (std::string line; std::getline(sockstat, line);) {
        std::istringstream words(line);
        std::string name;
        words >> name;
        if (name != "TCP:") continue;
        for (std::uint64_t count = 0; words >> name >> count;)
            if (name == "tw") out.time_wait_entries = count;
    }
    return out;
}

void check_loopback(const std::vector<experiment::plan>& plans, const host_network& host) {
    std::uint64_t trials = 0;
    for (const auto& plan : plans) {
        trials += plan.trials();
        for (const auto& stage : plan.stages) {
            if (stage.family == experiment::ip_family::ipv6)
                throw bad_input(fmt::format(
                    "{}: link.family = ipv6 needs a network of its own, because loopback has one IPv6 address for both "
                    "sides: use ipv4, or --sandbox userns",
                    plan.what.name));
            if (stage.link_delay != duration::zero())
                throw bad_input(fmt::format(
                    "{}: link.delay = {} needs a link of its own, and loopback has none: leave it out, or use "
                    "--sandbox userns",
                    plan.what.name, to_text(stage.link_delay)));
            if (stage.nginx)
                throw bad_input(fmt::format(
                    "{}: server.config needs a network of its own: port {} of {} may be taken on this host: use "
                    "--sandbox userns",
                    plan.what.name, stage.nginx->port, stage.nginx->typed));
            if (stage.server_program || !stage.client_program.empty())
                throw bad_input(fmt::format(
                    "{}: {} needs a network of its own, where nobody else uses its port and its connections are seen "
                    "on the wire: use --sandbox userns",
                    plan.what.name, stage.server_program ? stage.server_program.id : stage.client_program));
            if (!stage.server_sysctls.empty() || !stage.client_sysctls.empty())
                throw bad_input(fmt::format(
                    "{}: sysctls would change the whole host on loopback: leave [sysctl] out, or use --sandbox userns",
                    plan.what.name));
        }
    }
    // Both ends are in one table, and after a simultaneous close both wait.
    if (2 * trials + host.time_wait_entries > host.time_wait_limit)
        throw environment_lacks(fmt::format(
            "{} trials can leave {} TIME_WAIT entries; this host's table holds {} ({} are there already): run fewer "
            "trials at once, or raise the limit: sudo sysctl -w net.ipv4.tcp_max_tw_buckets={}",
            trials, 2 * trials, host.time_wait_limit, host.time_wait_entries, 4 * trials + host.time_wait_entries));
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
