#include "harness/bench/run/discard.hpp"

#include <gtest/gtest.h>

namespace firstfin::bench {
namespace {

using namespace std::chrono_literals;

load::report sound() {
    load::report out;
    out.lasted = 10s;
    out.requests = 1000;
    out.cpu = 9900ms;
    out.starved = 100ms;
    return out;
}

struct row {
    const char* name;
    load::report load;
    disturbances seen;
    bench_case what;
    const char* says;  ///< empty: nothing
};

load::report with(const std::function<void(load::report&)>& change) {
    auto out = sound();
    change(out);
    return out;
}

bench_case at_rate() {
    bench_case out;
    out.rate = 100;
    return out;
}

bench_case few_ports() {
    bench_case out;
    out.sysctls["net.ipv4.ip_local_port_range"] = "40000 40999";
    return out;
}

const row rows[] = {
    {"sound", sound(), {}, {}, ""},
    {"nothing_answered", with([](auto& r) { r.requests = 0; }), {}, {}, "no request was answered"},
    {"no_ports", with([](auto& r) { r.failures[load::failure::no_port] = 7; }), {}, {}, "EADDRNOTAVAIL, 7 times"},
    {"no_ports_on_purpose", with([](auto& r) { r.failures[load::failure::no_port] = 7; }), {}, few_ports(), ""},
    {"descriptors", with([](auto& r) { r.failures[load::failure::descriptors] = 3; }), {}, {}, "descriptors, 3 times"},
    {"other_failures", with([](auto& r) { r.failures[load::failure::eof] = 3; }), {}, {}, ""},
    {"starved", with([](auto& r) { r.starved = 600ms; }), {}, {}, "no CPU for 6 %"},
    {"busy_in_a_closed_loop", sound(), {}, {}, ""},
    {"busy_in_an_open_loop", sound(), {}, at_rate(), "busy for 99 %"},
    {"capture", sound(), {.capture_lost = 4}, {}, "lost 4 segments"},
    {"overflow", sound(), {.time_wait_overflow = 5}, {}, "5 TIME_WAIT entries"},
    {"server", sound(), {.server_ended = "nginx ended: signal 9"}, {}, "nginx ended: signal 9"},
    {"stopped", load::report(), {}, {}, "before the measured phase"},
};

class Discard : public ::testing::TestWithParam<row> {};

TEST_P(Discard, SaysWhyOrNothing) {
    const auto got = reasons_to_discard(GetParam().what, 1, GetParam().load, GetParam().seen);
    if (GetParam().says[0] == '\0') {
        EXPECT_TRUE(got.empty()) << got.front();
        return;
    }
    ASSERT_EQ(got.size(), 1U);
    EXPECT_NE(got.front().find(GetParam().says), std::string::npos) << got.front();
}

INSTANTIATE_TEST_SUITE_P(Names, Discard, ::testing::ValuesIn(rows),
                         [](const auto& one) { return std::string(one.param.name); });

// Two threads have twice the time to be busy in.
TEST(DiscardShares, AreOfAllThreads) {
    auto load = sound();
    load.starved = 900ms;
    EXPECT_TRUE(reasons_to_discard({}, 2, load, {}).empty());
    EXPECT_FALSE(reasons_to_discard({}, 1, load, {}).empty());
}

}  // namespace
}  // namespace firstfin::bench
