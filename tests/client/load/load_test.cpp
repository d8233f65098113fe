// Load against a scripted server in this process: what is counted, and as what.
#include "client/load/run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "tests/client/scripted_server.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using load::closer;
using load::failure;
using load::make_load;
using load::order;
using load::report;

constexpr int many = 100'000;

order load_on(const scripted_server& server, std::uint32_t connections = 2) {
    order out;
    out.server = server.where();
    out.connections = connections;
    out.warm_up = 50ms;
    out.measured = 400ms;
    out.patience = 10s;
    return out;
}

/// The only class of failure there was.
failure only_failure(const report& of) {
    EXPECT_EQ(of.failures.size(), 1U);
    return of.failures.empty() ? failure::status : of.failures.begin()->first;
}

TEST(Load, ReusesItsConnectionsWithoutEnd) {
    const scripted_server server({times(many, answers())});
    auto what = load_on(server);
    what.warm_up = 500ms;
    const auto got = make_load(what);
    EXPECT_GT(got.requests, 20U);
    EXPECT_EQ(got.opened, 0U) << "they were opened in the warm-up";
    EXPECT_EQ(got.open_at_end, 2U);
    EXPECT_TRUE(got.failures.empty());
    EXPECT_EQ(got.first, load::closes{});
    EXPECT_EQ(got.lasted, 400ms);
    EXPECT_GT(got.cpu, 0ms);
    EXPECT_GT(got.latency.p50, 0ms);
    EXPECT_LE(got.latency.p50, got.latency.p99);
    EXPECT_LE(got.latency.p99, got.latency.max);
}

struct ending_row {
    const char* name;
    closer ends;
    script serves;
    std::uint64_t load::closes::*counted;
};

const script closes_when_asked = times(5, answers()) + script{closes()};
const script reads_the_end = times(5, answers()) + script{reads_to_end()};

class LoadEndings : public ::testing::TestWithParam<ending_row> {};

TEST_P(LoadEndings, AfterSoManyRequestsAndByWhom) {
    const auto& row = GetParam();
    const scripted_server server({row.serves});
    auto what = load_on(server);
    what.requests_per_connection = {5};
    what.ends = row.ends;
    const auto got = make_load(what);
    EXPECT_TRUE(got.failures.empty());
    EXPECT_GT(got.opened, 3U);
    // Those under way at either end of the phase apart.
    EXPECT_NEAR(static_cast<double>(got.requests), 5.0 * static_cast<double>(got.opened), 20);
    EXPECT_NEAR(static_cast<double>(got.first.*row.counted), static_cast<double>(got.opened), 4);
    const auto& all = got.first;
    EXPECT_EQ(all.client + all.server + all.reset_by_client + all.reset_by_server + all.unknown, all.*row.counted);
    const auto seen = server.wait_for(1);
    const bool announced = seen.front().requests.at(4).find("Connection: close") != std::string::npos;
    EXPECT_EQ(announced, row.ends == closer::server);
    EXPECT_EQ(seen.front().requests.at(3).find("Connection: close"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(
    Names, LoadEndings,
    ::testing::Values(ending_row{"client", closer::client, reads_the_end, &load::closes::client},
                      ending_row{"server", closer::server, closes_when_asked, &load::closes::server},
                      ending_row{"reset", closer::reset, reads_the_end, &load::closes::reset_by_client}),
    [](const auto& row) { return std::string(row.param.name); });

struct failure_row {
    const char* name;
    script serves;
    failure counted;
};

class LoadFailures : public ::testing::TestWithParam<failure_row> {};

TEST_P(LoadFailures, AreCountedByClassAndNeverHang) {
    const scripted_server server({GetParam().serves});
    auto what = load_on(server);
    if (GetParam().counted == failure::silence) what.patience = 200ms;
    const auto got = make_load(what);
    EXPECT_EQ(only_failure(got), GetParam().counted);
    EXPECT_GE(got.failures.at(GetParam().counted), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Names, LoadFailures,
    ::testing::Values(
        failure_row{"closes_early", {reads_request(), closes()}, failure::eof},
        failure_row{"resets", {reads_request(), resets()}, failure::reset},
        failure_row{"garbage", {reads_request(), sends("220 smtp ready\r\n\r\n"), holds()}, failure::not_http},
        failure_row{"too_short",
                    {reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123"), closes()},
                    failure::eof},
        failure_row{"half_a_header", {reads_request(), sends("HTTP/1.1 200 OK\r\nConte"), closes()}, failure::eof},
        failure_row{"too_long",
                    {reads_request(), sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n12345"), holds()},
                    failure::surplus},
        failure_row{"endless_header",
                    {reads_request(), sends("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x')), holds()},
                    failure::not_http},
        failure_row{"silent", {reads_request(), holds()}, failure::silence},
        failure_row{"half_an_answer", {reads_request(), sends("HTTP/1.1 200 OK\r\nConte"), holds()}, failure::silence},
        failure_row{"errors", times(many, {reads_request(), sends("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")}),
                    failure::status}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Load, ABodyMayEndWithTheConnection) {
    const scripted_server server({{reads_request(), sends("HTTP/1.1 200 OK\r\n\r\nto the end"), closes()}});
    const auto got = make_load(load_on(server));
    EXPECT_TRUE(got.failures.empty());
    EXPECT_GT(got.requests, 3U);
    EXPECT_GT(got.first.server, 3U);
}

TEST(Load, InterimAnswersAreNone) {
    const scripted_server server({times(
        many, {reads_request(),
               sends("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")})});
    const auto got = make_load(load_on(server));
    EXPECT_TRUE(got.failures.empty());
    EXPECT_GT(got.requests, 20U);
}

TEST(Load, NobodyThereIsRefused) {
    auto what = load_on(scripted_server({{closes()}}));
    const auto got = make_load(what);
    EXPECT_EQ(only_failure(got), failure::refused);
    EXPECT_EQ(got.requests, 0U);
}

TEST(Load, SeveralThreadsShareTheConnections) {
    const scripted_server server({times(many, answers())});
    auto what = load_on(server, 5);
    what.threads = 3;
    const auto got = make_load(what);
    EXPECT_EQ(got.open_at_end, 5U);
    EXPECT_TRUE(got.failures.empty());
    EXPECT_GT(got.requests, 20U);
}

TEST(Load, PipelinedRequestsAreOnTheirWayTogether) {
    // Answers three at once, and only when three have come.
    script three = {reads_request(), reads_request(), reads_request()};
    for (int i = 0; i < 3; ++i)
        three.push_back(sends("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    const scripted_server server({times(many, three)});
    auto what = load_on(server);
    what.pipelining = 3;
    const auto got = make_load(what);
    EXPECT_TRUE(got.failures.empty());
    EXPECT_GT(got.requests, 20U);
}

TEST(Load, AnOpenLoopSendsWhatIsDue) {
    const scripted_server server({times(many, answers())});
    for (const auto spacing : {load::arrival::fixed, load::arrival::poisson}) {
        auto what = load_on(server, 4);
        what.rate = 500;
        what.spacing = spacing;
        what.patience = 10s;
        const auto got = make_load(what);
        EXPECT_TRUE(got.failures.empty());
        EXPECT_EQ(got.unsent, 0U);
        // 200 in 0.4 s, and a Poisson count varies by 14; a busy machine answers some of them later.
        EXPECT_GE(got.requests, 100U);
        EXPECT_LE(got.requests, 270U);
    }
}

/// At this rank of the sorted values.
duration exact_at(std::vector<duration> all, double share) {
    std::ranges::sort(all);
    return all.at(static_cast<std::size_t>(std::ceil(share * static_cast<double>(all.size()))) - 1);
}

// A server that stalls for 1 s makes all wait that were meant for that second, not only the one it had: latency counts
// from the intended start.
TEST(Load, AStallShowsInEveryRequestThatWasMeantForIt) {
    const test::temporary_folder folder;
    const auto file = (folder.path() / "samples").string();
    const scripted_server server({times(60, answers()) + script{waits(1s)} + times(many, answers())});
    auto what = load_on(server, 1);
    what.rate = 200;
    what.measured = 2s;
    what.patience = 5s;
    what.samples = file;
    const auto got = make_load(what);
    EXPECT_TRUE(got.failures.empty());
    EXPECT_GT(got.latency.p999, 900ms);
    EXPECT_GT(got.latency.p90, 500ms) << "half of all requests wait, evenly from 0 to 1 s";
    std::vector<duration> latencies;
    std::ifstream in(file);
    for (std::int64_t intended = 0, sent = 0, answered = 0; in >> intended >> sent >> answered;) {
        EXPECT_LE(intended, sent);
        EXPECT_LE(sent, answered);
        latencies.emplace_back(answered - intended);
    }
    ASSERT_EQ(latencies.size(), 400U) << "each that was meant for the phase, and no other";
    for (const auto& [share, said] : {std::pair(0.5, got.latency.p50), {0.9, got.latency.p90}, {0.99, got.latency.p99}})
        EXPECT_NEAR(seconds_of(said), seconds_of(exact_at(latencies, share)), 0.01 * seconds_of(said)) << share;
}

TEST(Load, WhatNoConnectionWasFreeForIsCounted) {
    const scripted_server server({answers() + script{reads_request(), holds()}});
    auto what = load_on(server, 1);
    what.rate = 100;
    what.warm_up = 0ms;
    what.measured = 100ms;
    what.patience = 1s;
    const auto got = make_load(what);
    // Ten are due. One is answered, one meets silence, and after a second of patience the next connection does the
    // same.
    EXPECT_GE(got.failures.at(failure::silence), 1U);
    EXPECT_GE(got.unsent, 5U);
    EXPECT_LE(got.requests + got.failures.at(failure::silence) + got.unsent, 10U);
}

}  // namespace
}  // namespace firstfin::testing
