#include "core/load_protocol.hpp"

#include <gtest/gtest.h>

namespace firstfin::load {
namespace {

order some_order() {
    order out;
    out.server = parse_endpoint("[::1]:8080").value();
    out.authority = "example.org";
    out.path = "/a?b";
    out.connections = 7;
    out.requests_per_connection = {10};
    out.pipelining = 3;
    out.ends = closer::reset;
    out.rate = 1234.5;
    out.spacing = arrival::poisson;
    out.warm_up = std::chrono::milliseconds(3);
    out.measured = std::chrono::seconds(4);
    out.patience = std::chrono::seconds(5);
    out.threads = 2;
    out.seed = 18446744073709551615U;
    out.samples = "/tmp/x";
    return out;
}

report some_report() {
    report out;
    out.began = time_point(std::chrono::nanoseconds(123456789012345));
    out.lasted = std::chrono::milliseconds(1001);
    out.requests = 5'000'000'000;
    out.opened = 2;
    out.unsent = 3;
    out.bytes = 4;
    out.latency = {duration(1), duration(2), duration(3), duration(4), duration(5)};
    out.send_delay_p99 = duration(6);
    out.cpu = duration(7);
    out.starved = duration(16);
    out.failures = {{failure::no_port, 8}, {failure::silence, 9}};
    out.first = {10, 11, 12, 13, 14};
    out.open_at_end = 15;
    return out;
}

TEST(LoadProtocol, AnOrderArrivesAsItWasSent) {
    const auto text = to_json(some_order());
    const auto read = parse_order(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), text);
    EXPECT_EQ(read->rate, 1234.5);
    EXPECT_EQ(read->seed, 18446744073709551615U);
}

TEST(LoadProtocol, AClosedLoopHasNoRate) {
    auto what = some_order();
    what.rate.reset();
    EXPECT_EQ(parse_order(to_json(what)).value().rate, std::nullopt);
}

TEST(LoadProtocol, AReportArrivesAsItWasSent) {
    const auto text = to_json(some_report());
    const auto read = parse_report(text);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(to_json(*read), text);
    EXPECT_EQ(read->failures, some_report().failures);
    EXPECT_EQ(read->first, some_report().first);
    EXPECT_EQ(read->began, some_report().began);
}

TEST(LoadProtocol, APhaseArrivesAsItWasSent) {
    const phase what{time_point(duration(65272253745034)), time_point(duration(65273253745034))};
    EXPECT_EQ(parse_phase(to_json(what)).value(), what);
}

TEST(LoadProtocol, OtherShapesAreRefusedInWords) {
    for (const std::string_view text : {"", "[]", "{}", R"({"v":2})", R"({"v":1,"server":"here"})"}) {
        ASSERT_FALSE(parse_order(text)) << text;
        EXPECT_NE(parse_order(text).error().message.find("load order: "), std::string::npos);
    }
    EXPECT_FALSE(parse_report(R"({"v":1})"));
}

}  // namespace
}  // namespace firstfin::load
