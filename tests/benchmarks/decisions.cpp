#include <benchmark/benchmark.h>

#include <array>

#include "client/next_step.hpp"
#include "server/keepalive_decision.hpp"

// What either side asks itself between two messages. A handful of inputs by turns, so that no branch is always the
// same.

namespace firstfin {
namespace {

using namespace std::chrono_literals;

void client_after_response(benchmark::State& state) {
    const client_policy policy;
    std::array<scenario, 2> scenarios;
    scenarios[0].requests = 3;
    scenarios[1].kind = scenario_kind::cadence;
    scenarios[1].gap = 1s;
    const std::array<client::answered, 3> responses{
        {{.ordinal = 1}, {.ordinal = 3, .hint = 60s}, {.ordinal = 2, .says_close = true}}};
    const client::draws drawn{.window = 0.3, .gap = 0.7};
    for (std::size_t turn = 0; auto _ : state) {
        benchmark::DoNotOptimize(client::after_response(policy, scenarios[turn % 2], responses[turn % 3], drawn));
        ++turn;
    }
}
BENCHMARK(client_after_response);

void client_before_reuse(benchmark::State& state) {
    std::array<client_policy, 2> policies;
    policies[1].mode = close_mode::lazy;
    policies[1].notices_fin = fin_notice::lazy;
    const std::array ages{1s, 30s, 200s};
    const std::array looks{client::socket_look::quiet, client::socket_look::fin};
    for (std::size_t turn = 0; auto _ : state) {
        const auto& policy = policies[turn % 2];
        benchmark::DoNotOptimize(
            client::before_reuse(policy, policy.idle_timeout, ages[turn % 3], looks[turn / 2 % 2]));
        ++turn;
    }
}
BENCHMARK(client_before_reuse);

void server_decides(benchmark::State& state) {
    const server_policy policy;
    std::array<request_facts, 4> requests;
    requests[0].ordinal = 2;
    requests[1].wishes.close = true;
    requests[2].version = 10;
    requests[3].ordinal = 1000;
    for (std::size_t turn = 0; auto _ : state)
        benchmark::DoNotOptimize(decide(requests[turn++ % 4], policy));
}
BENCHMARK(server_decides);

void server_reads_connection_field(benchmark::State& state) {
    for (auto _ : state) {
        connection_wishes wishes;
        wishes.add("keep-alive, Upgrade");
        benchmark::DoNotOptimize(wishes);
    }
}
BENCHMARK(server_reads_connection_field);

void server_chooses_ending(benchmark::State& state) {
    const std::array styles{server_close_style::fin, server_close_style::linger, server_close_style::rst,
                            server_close_style::wait};
    for (std::size_t turn = 0; auto _ : state) {
        benchmark::DoNotOptimize(ending_of(role::close_reason::policy, turn % 3 == 0, styles[turn % 4]));
        ++turn;
    }
}
BENCHMARK(server_chooses_ending);

}  // namespace
}  // namespace firstfin
