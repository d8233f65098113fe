#include "harness/bench/sheets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/bench/figures.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::bench {

namespace {

using report::align;

std::string count(std::optional<double> value) {
    return value ? fmt::format("{:.0f}", *value) : "?";
}

std::string fine(std::optional<double> value) {
    return value ? fmt::format("{:.2f}", *value) : "?";
}

/// Microseconds as people read them.
std::string time(std::optional<double> us) {
    if (!us) return "?";
    if (*us < 1000) return fmt::format("{:.0f} us", *us);
    if (*us < 1e6) return fmt::format("{:.2f} ms", *us / 1e3);
    return fmt::format("{:.2f} s", *us / 1e6);
}

std::string in_words(const std::optional<ratio>& value) {
    if (!value) return "?";
    if (value->confidence == 0) return fmt::format("{:.2f}", value->middle);
    return fmt::format("{:.2f} [{:.2f} {:.2f}]", value->middle, value->low, value->high);
}

std::string ratio_text(const bench_run& run, const case_result& one, std::optional<double> figures::*which) {
    const auto& baseline = baseline_of(run, one);
    return &baseline == &one ? "1" : in_words(ratio_of(one, baseline, which));
}

std::string reuse(const figures& middle) {
    if (middle.opened && *middle.opened == 0) return "no end";
    return fine(middle.requests_per_opened);
}

std::string most_often(const first_fins& all) {
    const std::pair<std::uint64_t, const char*> kinds[] = {{all.client, "client"},
                                                           {all.server, "server"},
                                                           {all.both, "both"},
                                                           {all.reset_by_client, "client's RST"},
                                                           {all.reset_by_server, "server's RST"},
                                                           {all.unknown, "unknown"}};
    const auto largest = *std::ranges::max_element(kinds, {}, [](const auto& each) { return each.first; });
    return largest.first == 0 ? "-" : largest.second;
}

/// Repetitions of a closed loop whose load side, by one thread's measure, used a CPU up: then that is what is measured.
std::size_t limited_by_the_load(const case_result& one) {
    constexpr double busy = 0.9;
    if (one.what.rate) return 0;
    return static_cast<std::size_t>(std::ranges::count_if(kept_of(one), [](const auto& each) {
        return each.client_cpu && each.lasted > duration::zero() &&
               seconds_of(*each.client_cpu) > busy * seconds_of(each.lasted);
    }));
}

std::string named(const case_result& one) {
    const auto figures = figures_of(one);
    // Nothing of it is a measurement: what stands in its row is there to be looked at.
    return report::shown(one.what.name) + (figures.of > 0 && figures.kept == 0 ? " (discard)" : "");
}

}  // namespace

std::vector<sheet> sheets_of(const bench_run& run) {
    sheet speed{"Speed: medians; ratios, round by round, to the case with one request a connection or else the first",
                {{"case", align::left, 0},
                 {"requests/s", align::right, 0},
                 {"ratio", align::right, 1},
                 {"client CPU us/request", align::right, 2},
                 {"server CPU us/request", align::right, 3},
                 {"CPU ratio", align::right, 4}},
                {}};
    sheet latency{
        "Latency: where a rate was given from the moment a request was meant to be sent, else from its send, the "
        "handshake "
        "apart",
        {{"case", align::left, 0},
         {"p50", align::right, 1},
         {"p90", align::right, 4},
         {"p99", align::right, 0},
         {"p99.9", align::right, 2},
         {"max", align::right, 3}},
        {}};
    sheet connections{"Connections: TIME_WAIT is the most at any moment",
                      {{"case", align::left, 0},
                       {"opened/s", align::right, 1},
                       {"requests each", align::right, 5},
                       {"segments/request", align::right, 4},
                       {"first FIN", align::left, 0},
                       {"TIME_WAIT client", align::right, 1},
                       {"TIME_WAIT server", align::right, 2},
                       {"ports", align::right, 3}},
                      {}};
    for (const auto& one : run.cases) {
        if (one.repetitions.empty()) continue;
        const auto middle = figures_of(one).middle;
        const auto name = named(one);
        speed.rows.push_back({name, count(middle.requests_per_s), ratio_text(run, one, &figures::requests_per_s),
                              fine(middle.client_cpu_us), fine(middle.server_cpu_us),
                              ratio_text(run, one, &figures::client_cpu_us)});
        latency.rows.push_back({name, time(middle.p50_us), time(middle.p90_us), time(middle.p99_us),
                                time(middle.p999_us), time(middle.max_us)});
        connections.rows.push_back({name, count(middle.opened_per_s), reuse(middle), fine(middle.segments),
                                    most_often(first_fins_of(one)), count(middle.client_time_wait),
                                    count(middle.server_time_wait), count(middle.ports)});
    }
    return {std::move(speed), std::move(latency), std::move(connections)};
}

std::vector<std::string> notes_of(const bench_run& run) {
    std::vector<std::string> out;
    for (const auto& one : run.cases) {
        const auto name = report::shown(one.what.name);
        std::vector<std::string> parts;
        for (const auto& [what, times] : errors_of(one))
            parts.push_back(fmt::format("{} {}", times, what == "no_port" ? "no_port (ports exhausted)" : what));
        if (!parts.empty()) out.push_back(fmt::format("errors: {}: {}", name, fmt::join(parts, ", ")));
        std::uint64_t unsent = 0;
        for (const auto& each : one.repetitions)
            unsent += each.unsent;
        if (unsent != 0)
            out.push_back(
                fmt::format("{}: {} requests were due and found no free connection to the end", name, unsent));
        if (const auto busy = limited_by_the_load(one); busy != 0)
            out.push_back(
                fmt::format("{}: the load side was busy for over 90 % of {} repetitions: the server may well bear more",
                            name, busy));
        for (const auto& each : one.repetitions)
            for (const auto& why : each.discard)
                out.push_back(
                    fmt::format("discard this run: {}, round {}: {}", name, each.round + 1, report::shown(why)));
    }
    for (const auto& one : run.cases) {
        const auto all = first_fins_of(one);
        const auto closes =
            all.client + all.server + all.both + all.reset_by_client + all.reset_by_server + all.unknown;
        if (closes == 0) continue;
        std::vector<std::string> parts;
        const auto add = [&](std::uint64_t number, const char* who) {
            if (number != 0) parts.push_back(fmt::format("{} {}", who, number));
        };
        add(all.client, "client");
        add(all.server, "server");
        add(all.both, "both at once");
        add(all.reset_by_client, "client's RST");
        add(all.reset_by_server, "server's RST");
        add(all.unknown, "unknown");
        out.push_back(fmt::format("first FIN: {}: {} (by {})", report::shown(one.what.name), fmt::join(parts, ", "),
                                  all.witness == "states" ? "the client's sockets before their own close"
                                                          : "a capture of SYN, FIN and RST, the warm-up in it"));
    }
    return out;
}

}  // namespace firstfin::bench
