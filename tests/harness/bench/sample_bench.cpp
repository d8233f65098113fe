#include "tests/harness/bench/sample_bench.hpp"

#include <fmt/format.h>

namespace firstfin::bench {

using namespace std::chrono_literals;

repetition answering(std::uint64_t requests, std::uint32_t round) {
    repetition out;
    out.round = round;
    out.lasted = 1s;
    out.requests = requests;
    out.latency = {100us, 200us, 1500us, 12ms, 1234ms};
    out.client_cpu = 500ms;
    out.server_cpu = 400ms;
    out.segments = 2 * requests;
    out.first.witness = "states";
    return out;
}

case_result case_of(count_limit each, const std::vector<std::uint64_t>& rates) {
    case_result out;
    out.what.requests_per_connection = each;
    out.what.name = fmt::format("builtin/64/{}", each.is_unlimited() ? "inf" : std::to_string(each.value));
    for (const auto rate : rates) {
        auto one = answering(rate, static_cast<std::uint32_t>(out.repetitions.size()));
        if (!each.is_unlimited()) {
            one.opened = rate / each.value;
            one.first.server = one.opened;
        }
        out.repetitions.push_back(std::move(one));
    }
    return out;
}

bench_run sample_bench() {
    bench_run out;
    out.command = "firstfin bench --target builtin";
    out.started = "2026-11-23T09:00:00Z";
    out.environment = {{"kernel", "Linux 6.18"}, {"net.ipv4.ip_local_port_range", "32768\t60999"}};
    out.cases = {case_of({1}, {1000, 1100, 900}), case_of(count_limit::unlimited(), {5000, 5600, 4400})};
    auto& once = out.cases[0];
    for (auto& each : once.repetitions)
        each.time_wait = {{0s, 0, 10, 64}, {500ms, 1, 500, 65}, {1s, 0, 1000, 64}};
    once.repetitions[1].first = {1, 1098, 1, 2, 3, 4, "wire"};
    auto& spoiled = out.cases[1].repetitions[2];
    spoiled.discard = {"too little CPU on the load side: it could have run and had no CPU for 30 % of the phase"};
    spoiled.errors = {{"no_port", 7}, {"eof", 2}};
    spoiled.unsent = 11;
    case_result url;
    url.what.name = "http://127.0.0.1:81/a|b/8/10/12.5rps/reset/tcp_tw_reuse=1";
    url.what.target = target_kind::url;
    url.what.where = "http://127.0.0.1:81/a|b";
    url.what.connections = 8;
    url.what.requests_per_connection = {10};
    url.what.pipelining = 4;
    url.what.ends = load::closer::reset;
    url.what.rate = 12.5;
    url.what.spacing = load::arrival::poisson;
    url.what.sysctls = {{"net.ipv4.tcp_tw_reuse", "1"}};
    auto one = answering(12, 0);
    one.server_cpu.reset();
    one.client_cpu.reset();
    one.segments.reset();
    one.opened = 2;
    one.first.reset_by_client = 2;
    one.time_wait = {{0s, std::nullopt, std::nullopt, std::nullopt}};
    url.repetitions = {one};
    out.cases.push_back(std::move(url));
    out.complete = false;
    return out;
}

}  // namespace firstfin::bench
