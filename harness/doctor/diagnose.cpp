#include "harness/doctor/diagnose.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/doctor/diagnose_sandbox.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/run/footprint.hpp"

namespace firstfin::doctor {

using report::grouped;
namespace footprint = run::footprint;

namespace {

/// Every limit from 1 to 120 s against every other (experiments/grid.toml): what a machine should be good for.
constexpr std::uint64_t large_run = 14'400;

check from_attempt(std::string name, const attempt& tried, std::string works, std::string cost, std::string remedy) {
    if (tried.worked()) return {.name = std::move(name), .found = std::move(works)};
    return {.name = std::move(name),
            .status = status::missing,
            .found = tried.words,
            .cost = std::move(cost),
            .remedy = std::move(remedy)};
}

check socket_tables(const facts& of) {
    return from_attempt("socket tables (sock_diag)", of.socket_tables, "the kernel lists its TCP sockets",
                        "no experiment runs: nobody could say who is in TIME_WAIT",
                        "load the module: modprobe tcp_diag (or a kernel built with CONFIG_INET_TCP_DIAG)");
}

check loopback(const facts& of) {
    return from_attempt("loopback addresses", of.loopback, "a server can listen on 127.0.0.2",
                        "no sandbox loopback, the one without any privilege",
                        "bring the interface up: ip link set lo up");
}

check ipv6(const facts& of) {
    if (of.ipv6) return {.name = "IPv6", .found = "there"};
    return {.name = "IPv6",
            .status = status::limited,
            .found = "this kernel runs without",
            .cost = "cells with link.family = \"ipv6\" cannot run",
            .remedy = "boot without ipv6.disable=1"};
}

check open_files(const facts& of) {
    const auto usable = of.open_files_hard - std::min(of.open_files_hard, footprint::descriptors_fixed);
    const auto in_all = usable / 2 * footprint::most_process_pairs;
    check out{.name = "open files"};
    out.found = fmt::format("{} (hard limit): {} connections in a pair of processes, {} in a run",
                            grouped(of.open_files_hard), grouped(usable), grouped(in_all));
    if (in_all >= large_run) return out;
    out.status = usable < 16 ? status::missing : status::limited;
    out.cost = fmt::format("no runs of more than {} connections", grouped(in_all));
    out.remedy =
        "raise the hard limit: ulimit -Hn 1048576 as root, LimitNOFILE= in a unit, --ulimit nofile=1048576 for a "
        "container";
    return out;
}

check memory(const facts& of) {
    const auto usable = of.memory_available - std::min(of.memory_available, footprint::bytes_fixed);
    const auto connections = usable / footprint::bytes_per_trial;
    check out{.name = "memory"};
    out.found = fmt::format("{} MB available: about {} connections at once", grouped(of.memory_available / 1'000'000),
                            grouped(connections));
    if (connections >= large_run) return out;
    out.status = connections == 0 ? status::missing : status::limited;
    out.cost = fmt::format("no runs of more than {} connections", grouped(connections));
    out.remedy = fmt::format("make {} MB available for {} connections",
                             grouped((footprint::bytes_fixed + large_run * footprint::bytes_per_trial) / 1'000'000),
                             grouped(large_run));
    return out;
}

/// In namespaces of our own the two below are set as a run needs them; on loopback the machine's own count.
bool on_loopback(const facts& of) {
    return best_sandbox(of) == "loopback";
}

check tw_buckets(const facts& of) {
    check out{.name = "net.ipv4.tcp_max_tw_buckets"};
    if (!of.tw_buckets) {
        out.found = "not readable";
        return out;
    }
    out.found = grouped(static_cast<std::uint64_t>(*of.tw_buckets));
    if (!on_loopback(of)) {
        out.found += " (raised inside a namespace where a run needs more)";
        return out;
    }
    if (*of.tw_buckets >= static_cast<std::int64_t>(2 * large_run)) return out;
    out.status = status::limited;
    out.cost = fmt::format("on loopback no runs of more than {} connections: further TIME_WAIT entries vanish silently",
                           grouped(static_cast<std::uint64_t>(*of.tw_buckets) / 2));
    out.remedy = "sudo sysctl -w net.ipv4.tcp_max_tw_buckets=65536";
    return out;
}

check ports(const facts& of) {
    check out{.name = "ephemeral ports"};
    if (!of.ports) {
        out.found = "not readable";
        return out;
    }
    const auto [first, last] = *of.ports;
    const auto count = last >= first ? last - first + 1 : 0;
    out.found = fmt::format("{} to {}: {} for each pair of client and server address", first, last, grouped(count));
    constexpr std::uint32_t enough = 10'000;
    if (count >= enough || !on_loopback(of)) return out;
    out.status = status::limited;
    out.cost = "fewer connections at once from one client address on loopback";
    out.remedy = "sudo sysctl -w net.ipv4.ip_local_port_range=\"32768 60999\"";
    return out;
}

check own_programs(const facts& of) {
    return from_attempt("firstfin-server and firstfin-client", of.own_programs, "beside this program",
                        "no experiment runs", "build or install the whole project");
}

check profiles(const facts& of) {
    return from_attempt("profiles", of.profiles, "installed", "no experiment runs",
                        "build or install the whole project");
}

check external(const program& one) {
    if (!one.path.empty())
        return {.name = one.name,
                .found = fmt::format("{} ({})", one.version.empty() ? "no version told" : one.version, one.path),
                .optional = true};
    return {.name = one.name,
            .status = status::missing,
            .found = "not found",
            .cost = one.purpose,
            .remedy = fmt::format("apt-get install --no-install-recommends {}", one.package),
            .optional = true};
}

ability ability_of(const diagnosis& found, const facts& of) {
    const bool unusable = found.sandbox == "none" || !of.socket_tables.worked() || !of.own_programs.worked() ||
                          !of.profiles.worked() || of.open_files_hard < footprint::descriptors_fixed + 16 ||
                          of.memory_available <= footprint::bytes_fixed;
    if (unusable) return ability::nothing;
    const bool whole =
        std::ranges::all_of(found.checks, [](const check& one) { return one.optional || one.status == status::ok; });
    return whole ? ability::everything : ability::limited;
}

}  // namespace

diagnosis diagnose(const facts& of) {
    diagnosis out;
    out.sandbox = best_sandbox(of);
    out.checks.push_back({.name = "kernel", .found = "Linux " + of.kernel});
    for (auto& one : sandbox_checks(of))
        out.checks.push_back(std::move(one));
    for (const auto& look :
         {socket_tables, loopback, ipv6, open_files, memory, tw_buckets, ports, own_programs, profiles})
        out.checks.push_back(look(of));
    for (const auto& one : of.programs)
        out.checks.push_back(external(one));
    out.ability = ability_of(out, of);
    return out;
}

}  // namespace firstfin::doctor
