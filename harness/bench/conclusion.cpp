#include "harness/bench/conclusion.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
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

bool is_loopback(const bench_case& of) {
    return std::ranges::any_of(std::array{"http://127.", "http://[::1]", "http://localhost"},
                               [&](const char* each) { return of.where.starts_with(each); });
}

/// A case with reuse, and how it does beside one request a connection.
struct gain {
    const case_result* of = nullptr;
    ratio by;
};

/// The best of those that `counts` takes: the largest ratio, or of what should be small the smallest.
template <class Counts>
std::optional<gain> best_reuse(const bench_run& run, std::optional<double> figures::*which, bool small,
                               Counts&& counts) {
    std::optional<gain> out;
    for (const auto& each : run.cases) {
        const auto& baseline = baseline_of(run, each);
        if (&baseline == &each || baseline.what.requests_per_connection != count_limit{1}) continue;
        if (each.what.requests_per_connection == count_limit{1} || !counts(each.what)) continue;
        const auto now = ratio_of(each, baseline, which);
        if (now && (!out || (now->middle > out->by.middle) != small)) out = gain{&each, *now};
    }
    return out;
}

/// Where the rate is given, reuse can only make the answers come sooner.
std::string what_it_buys_at_a_rate(const bench_run& run) {
    const auto best =
        best_reuse(run, &figures::p50_us, true, [](const bench_case& each) { return each.rate.has_value(); });
    if (!best)
        return "What reuse buys this run does not say: it takes a case with one request a connection and one with "
               "more, "
               "with a sound repetition each.";
    const auto& baseline = baseline_of(run, *best->of);
    const auto name = report::shown(best->of->what.name);
    const auto against = report::shown(baseline.what.name);
    if (best->by.holds_one() || best->by.middle > 1)
        return fmt::format("No gain of reuse is shown: {} answers in {:.2f} of the time of {} ({}).", name,
                           best->by.middle, against, how_sure(best->by));
    const auto tail = ratio_of(*best->of, baseline, &figures::p99_us);
    return fmt::format("At this rate half of the answers come in {:.2f} of the time with reuse: {} against {} ({}){}.",
                       best->by.middle, name, against, how_sure(best->by),
                       tail ? fmt::format("; p99 is {:.2f} of it", tail->middle) : "");
}

}  // namespace

port_figures port_figures_of(const bench_run& run, const bench_case& of) {
    const auto told = [&](const std::string& name) {
        std::vector<std::uint64_t> out;
        const auto here = of.sysctls.find(name);
        const auto there = run.environment.find(name);
        std::istringstream in(here != of.sysctls.end()         ? here->second
                              : there != run.environment.end() ? there->second
                                                               : "");
        for (std::uint64_t number = 0; in >> number;)
            out.push_back(number);
        return out;
    };
    port_figures out;
    if (const auto range = told("net.ipv4.ip_local_port_range"); range.size() == 2 && range[1] >= range[0])
        out.ports = static_cast<std::uint32_t>(range[1] - range[0] + 1);
    if (const auto buckets = told("net.ipv4.tcp_max_tw_buckets"); buckets.size() == 1)
        out.time_wait_buckets = buckets[0];
    const auto reuse = told("net.ipv4.tcp_tw_reuse");
    const bool reuses = !reuse.empty() && (reuse[0] == 1 || (reuse[0] == 2 && is_loopback(of)));
    if (reuses && told("net.ipv4.tcp_timestamps") != std::vector<std::uint64_t>{0}) {
        const auto delay = told("net.ipv4.tcp_tw_reuse_delay");
        out.held =
            delay.size() == 1 && delay[0] > 0 ? duration(std::chrono::milliseconds(delay[0])) : std::chrono::seconds(1);
    }
    return out;
}

std::string what_reuse_buys(const bench_run& run) {
    const auto best =
        best_reuse(run, &figures::requests_per_s, false, [](const bench_case& each) { return !each.rate; });
    if (!best) return what_it_buys_at_a_rate(run);
    const auto& baseline = baseline_of(run, *best->of);
    const auto name = report::shown(best->of->what.name);
    const auto against = report::shown(baseline.what.name);
    if (best->by.holds_one() || best->by.middle < 1)
        return fmt::format("No gain of reuse is shown: {} answers {:.2f} times as many requests a second as {} ({}).",
                           name, best->by.middle, against, how_sure(best->by));
    const auto cpu = ratio_of(*best->of, baseline, &figures::client_cpu_us);
    return fmt::format("Reuse buys {:.1f} times the requests a second here: {} against {} ({}){}.", best->by.middle,
                       name, against, how_sure(best->by),
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
    const auto figures = port_figures_of(run, busiest->what);
    const auto half =
        (all.client + all.server + all.both + all.reset_by_client + all.reset_by_server + all.unknown) / 2;
    if (all.client + all.both > half)
        return fmt::format(
            "The client closes first in {}, and holds TIME_WAIT: each connection keeps its port for {}, so {} ports to "
            "one "
            "address and port last for {:.0f} connections a second ({:.0f} were opened).",
            name, to_text(figures.held), figures.ports, figures.connections_per_s(), rate);
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
        name, figures.ports, figures.connections_per_s());
}

}  // namespace firstfin::bench
