#include "harness/bench/conclusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "harness/bench/figures.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::bench {

namespace {

constexpr double time_wait_s = 60;  // TCP_TIMEWAIT_LEN

std::string how_sure(const ratio& of) {
    if (of.confidence == 0) return "one round: no interval";
    return fmt::format("{:.0f} % interval {:.2f} to {:.2f}", 100 * of.confidence, of.low, of.high);
}

}  // namespace

port_figures port_figures_of(const bench_run& run) {
    port_figures out;
    if (const auto found = run.environment.find("net.ipv4.ip_local_port_range"); found != run.environment.end()) {
        std::istringstream in(found->second);
        std::uint32_t first = 0;
        std::uint32_t last = 0;
        if (in >> first >> last && last >= first) out.ports = last - first + 1;
    }
    if (const auto found = run.environment.find("net.ipv4.tcp_max_tw_buckets"); found != run.environment.end()) {
        std::istringstream in(found->second);
        std::uint64_t buckets = 0;
        if (in >> buckets) out.time_wait_buckets = buckets;
    }
    return out;
}

std::string what_reuse_buys(const bench_run& run) {
    const case_result* best = nullptr;
    std::optional<ratio> gain;
    for (const auto& each : run.cases) {
        const auto& baseline = baseline_of(run, each);
        if (&baseline == &each || baseline.what.requests_per_connection != count_limit{1}) continue;
        if (each.what.requests_per_connection == count_limit{1} || each.what.rate) continue;
        const auto now = ratio_of(each, baseline, &figures::requests_per_s);
        if (now && (!gain || now->middle > gain->middle)) {
            gain = now;
            best = &each;
        }
    }
    if (best == nullptr)
        return "What reuse buys this run does not say: it takes a closed loop with one request a connection and one "
               "with "
               "more, with a sound repetition each.";
    const auto name = report::shown(best->what.name);
    const auto against = report::shown(baseline_of(run, *best).what.name);
    if (gain->holds_one())
        return fmt::format("No gain of reuse is shown: {} answers {:.2f} times as many requests a second as {} ({}).",
                           name, gain->middle, against, how_sure(*gain));
    const auto cpu = ratio_of(*best, baseline_of(run, *best), &figures::client_cpu_us);
    return fmt::format("Reuse buys {:.1f} times the requests a second here: {} against {} ({}){}.", gain->middle, name,
                       against, how_sure(*gain),
                       cpu ? fmt::format(", at {:.2f} of the client's CPU time a request", cpu->middle) : "");
}

std::string what_runs_out(const bench_run& run) {
    const case_result* busiest = nullptr;
    double rate = 0;
    for (const auto& each : run.cases) {
        const auto now = figures_of(each).middle.opened_per_s.value_or(0);
        if (now > rate) {
            rate = now;
            busiest = &each;
        }
    }
    if (busiest == nullptr) return "No connection was opened while it was measured: nothing runs out.";
    const auto name = report::shown(busiest->what.name);
    const auto all = first_fins_of(*busiest);
    const auto figures = port_figures_of(run);
    const double port_rate = figures.ports / time_wait_s;
    const auto half =
        (all.client + all.server + all.both + all.reset_by_client + all.reset_by_server + all.unknown) / 2;
    if (all.client + all.both > half)
        return fmt::format(
            "The client closes first in {}, and holds TIME_WAIT and a port for 60 s each time: its {} ports to one "
            "address "
            "and port last for {:.0f} connections a second without tcp_tw_reuse ({:.0f} were opened).",
            name, figures.ports, port_rate, rate);
    if (all.server > half)
        return fmt::format(
            "The server closes first in {} and holds TIME_WAIT, so the client's ports come back at once; the server's "
            "table "
            "of {} entries (tcp_max_tw_buckets) is full at {:.0f} connections a second from many clients ({:.0f} were "
            "opened).",
            name, figures.time_wait_buckets, static_cast<double>(figures.time_wait_buckets) / time_wait_s, rate);
    if (all.reset_by_client + all.reset_by_server > half)
        return fmt::format("Connections end by RST in {}: no TIME_WAIT anywhere, and nothing runs out.", name);
    return fmt::format(
        "Who closes first in {} is not known: if the client does, its {} ports last for {:.0f} connections a second.",
        name, figures.ports, port_rate);
}

}  // namespace firstfin::bench
