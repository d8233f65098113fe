#include <benchmark/benchmark.h>

#include "core/role_protocol.hpp"

// The lines a role program writes while it serves, and how the harness reads them back.

namespace firstfin::role {
namespace {

using namespace std::chrono_literals;

event message() {
    event out;
    out.kind = event_kind::response_received;
    out.at = time_point(123'456'789'012'345ns);
    out.conn = 4711;
    out.trial = 9'999;
    out.request = 3;
    out.status = 200;
    return out;
}

event ending() {
    event out = message();
    out.kind = event_kind::close;
    out.request = 0;
    out.status = 0;
    out.local = parse_endpoint("10.64.0.2:40122").value();
    out.remote = parse_endpoint("10.64.0.1:8080").value();
    out.reason = close_reason::idle_deadline;
    out.state_before = tcp_state::established;
    out.lateness = 123'456ns;
    return out;
}

void append_line(benchmark::State& state, const event& value) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        append_json(out, value);
        benchmark::DoNotOptimize(out.data());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void parse_line(benchmark::State& state, const event& value) {
    std::string line;
    append_json(line, value);
    line.pop_back();
    if (!parse_event(line)) return state.SkipWithError("the line cannot be read back");
    for (auto _ : state)
        benchmark::DoNotOptimize(parse_event(line));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(line.size()));
}

BENCHMARK_CAPTURE(append_line, message, message());
BENCHMARK_CAPTURE(append_line, close, ending());
BENCHMARK_CAPTURE(parse_line, message, message());
BENCHMARK_CAPTURE(parse_line, close, ending());

}  // namespace
}  // namespace firstfin::role
