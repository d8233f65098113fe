#include "server/nginx/after_answer.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace firstfin::nginx {
namespace {

using namespace std::chrono_literals;
using nginx_conf::lingering;

struct row {
    const char* name;
    answered state;
    lingering lingers = lingering::on;
    nginx_conf::milliseconds timeout = 75s;
    nginx_conf::milliseconds min_timeout{0};
    next_step expected;
};
void PrintTo(const row& one, std::ostream* out) {
    *out << one.name;
}

constexpr answered keeps{.keeps_alive = true};

class AfterAnswer : public ::testing::TestWithParam<row> {};

TEST_P(AfterAnswer, Decides) {
    nginx_conf::location_values values;
    values.lingering_close.value = GetParam().lingers;
    values.keepalive_timeout.value = GetParam().timeout;
    values.keepalive_min_timeout.value = GetParam().min_timeout;
    EXPECT_EQ(after_answer(GetParam().state, values), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Rules, AfterAnswer,
    ::testing::Values(
        row{.name = "kept", .state = keeps, .expected = next_step::keep},
        row{.name = "kept_with_the_next_request_here",
            .state = {.keeps_alive = true, .buffered = 40},
            .expected = next_step::keep},
        row{.name = "no_idle_time", .state = keeps, .timeout = 0s, .expected = next_step::close},
        row{.name = "closed_by_the_answer", .state = {}, .expected = next_step::close},
        row{.name = "the_worker_ends", .state = {.keeps_alive = true, .exiting = true}, .expected = next_step::close},
        row{.name = "the_worker_ends_but_promised",
            .state = {.keeps_alive = true, .exiting = true},
            .min_timeout = 2s,
            .expected = next_step::keep},
        row{.name = "the_client_has_gone",
            .state = {.keeps_alive = true, .input_ended = true},
            .expected = next_step::close},
        row{.name = "the_client_has_gone_and_lingering_always",
            .state = {.input_ended = true},
            .lingers = lingering::always,
            .expected = next_step::close},
        row{.name = "lingers_after_a_body", .state = {.had_body = true}, .expected = next_step::linger},
        row{.name = "lingers_with_bytes_read", .state = {.buffered = 1}, .expected = next_step::linger},
        row{.name = "lingers_with_bytes_waiting", .state = {.input_ready = true}, .expected = next_step::linger},
        row{.name = "lingers_once_pipelined", .state = {.was_pipelined = true}, .expected = next_step::linger},
        row{.name = "always", .state = {}, .lingers = lingering::always, .expected = next_step::linger},
        row{.name = "never",
            .state = {.had_body = true, .input_ready = true, .was_pipelined = true, .buffered = 9},
            .lingers = lingering::off,
            .expected = next_step::close}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace firstfin::nginx
