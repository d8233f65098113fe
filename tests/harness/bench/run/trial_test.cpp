// One repetition, with real servers and both kernels.
#include "harness/bench/run/trial.hpp"

#include <gtest/gtest.h>

#include "core/parse_error.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::bench {
namespace {

using namespace std::chrono_literals;

class BenchTrial : public firstfin::testing::needs_namespaces {
protected:
    trial_order order() const {
        trial_order out;
        out.server_program = (here.folder() / "bin" / "firstfin-server").string();
        out.load_program = (here.folder() / "bin" / "firstfin-client").string();
        out.warm_up = 100ms;
        out.measured = 500ms;
        out.patience = 2s;
        out.what.connections = 4;
        return out;
    }
    /// The machine is shared here: what it may have spoiled is no matter of these tests.
    static repetition sound(const trial_order& what) {
        const auto got = run_trial(what, [] { return false; });
        EXPECT_FALSE(got.interrupted);
        for (const auto& why : got.measured.discard)
            EXPECT_NE(why.find("too little CPU"), std::string::npos) << why;
        return got.measured;
    }
    test::installation here;
};

TEST_F(BenchTrial, ReuseLeavesNoTimeWait) {
    auto what = order();
    what.warm_up = 500ms;
    const auto got = sound(what);
    EXPECT_EQ(got.lasted, 500ms);
    EXPECT_GT(got.requests, 100U);
    EXPECT_EQ(got.opened, 0U);
    EXPECT_TRUE(got.errors.empty());
    EXPECT_GT(got.client_cpu, 0ms);
    EXPECT_GT(got.server_cpu, 0ms);
    // A request and a response in a segment each.
    ASSERT_TRUE(got.segments);
    EXPECT_GE(static_cast<double>(*got.segments), static_cast<double>(got.requests));
    EXPECT_LE(static_cast<double>(*got.segments), 4.5 * static_cast<double>(got.requests));
    ASSERT_GE(got.time_wait.size(), 2U);
    EXPECT_EQ(got.time_wait.back().client, 0U);
    EXPECT_EQ(got.time_wait.back().server, 0U);
    EXPECT_EQ(got.time_wait.front().ports, 4U) << "at the end they are closed";
}

struct ending_row {
    load::closer ends;
    std::uint64_t first_fins::*counted;
    bool client_waits;
    bool server_waits;
};

class BenchEndings : public BenchTrial, public ::testing::WithParamInterface<ending_row> {};

TEST_P(BenchEndings, LeaveTimeWaitWithWhoeverWasFirst) {
    auto what = order();
    what.what.requests_per_connection = {1};
    what.what.ends = GetParam().ends;
    const auto got = sound(what);
    EXPECT_TRUE(got.errors.empty());
    EXPECT_GT(got.opened, 50U);
    EXPECT_GE(static_cast<double>(got.first.*GetParam().counted), 0.98 * static_cast<double>(got.opened) - 8);
    EXPECT_EQ(got.first.witness, "states");
    const auto& end = got.time_wait.back();
    EXPECT_EQ(end.client > 0U, GetParam().client_waits);
    EXPECT_EQ(end.server > 0U, GetParam().server_waits);
    if (GetParam().client_waits) {
        EXPECT_GT(end.ports, 50U);
    }
    // Handshake, request, response, two FINs, their acknowledgments.
    EXPECT_GT(*got.segments, 5 * got.opened);
}

TEST_P(BenchEndings, AreTheSameOnTheWire) {
    auto what = order();
    what.watch_wire = true;
    what.what.requests_per_connection = {1};
    what.what.ends = GetParam().ends;
    const auto got = sound(what);
    EXPECT_EQ(got.first.witness, "wire");
    EXPECT_GT(got.first.*GetParam().counted, 50U);
    const auto& all = got.first;
    const auto sum = all.client + all.server + all.both + all.reset_by_client + all.reset_by_server + all.unknown;
    EXPECT_GE(static_cast<double>(all.*GetParam().counted), 0.97 * static_cast<double>(sum) - 8);
}

INSTANTIATE_TEST_SUITE_P(Names, BenchEndings,
                         ::testing::Values(ending_row{load::closer::client, &first_fins::client, true, false},
                                           ending_row{load::closer::server, &first_fins::server, false, true},
                                           ending_row{load::closer::reset, &first_fins::reset_by_client, false, false}),
                         [](const auto& row) { return std::string(to_text(row.param.ends)); });

TEST_F(BenchTrial, PortsThatRunOutAreCountedAsThat) {
    auto what = order();
    what.what.requests_per_connection = {1};
    what.what.ends = load::closer::client;
    what.what.sysctls = {{"net.ipv4.ip_local_port_range", "40000 40019"}, {"net.ipv4.tcp_tw_reuse", "0"}};
    const auto got = sound(what);
    EXPECT_GT(got.errors.at("no_port"), 0U);
    EXPECT_EQ(got.time_wait.back().client, 20U);
    EXPECT_EQ(got.time_wait.back().ports, 20U);
}

TEST_F(BenchTrial, AnOpenLoopKeepsItsRate) {
    auto what = order();
    what.what.rate = 200;
    const auto got = sound(what);
    EXPECT_TRUE(got.errors.empty());
    // A busy machine answers some later.
    EXPECT_GE(got.requests_per_s(), 100);
    EXPECT_LE(got.requests_per_s(), 240);
}

TEST_F(BenchTrial, AUrlIsServedByWhoeverIsThere) {
    auto what = order();
    what.what.target = target_kind::url;
    what.server = parse_endpoint("127.0.0.1:1").value();  // nobody
    const auto got = run_trial(what, [] { return false; }).measured;
    EXPECT_GT(got.errors.at("refused"), 0U);
    EXPECT_FALSE(got.server_cpu);
    EXPECT_FALSE(got.segments);
    EXPECT_TRUE(got.time_wait.empty());
    ASSERT_FALSE(got.discard.empty());
    EXPECT_NE(got.discard.front().find("no request was answered"), std::string::npos);
}

TEST_F(BenchTrial, AnInterruptionEndsThePhaseAndKeepsWhatThereWas) {
    auto what = order();
    what.measured = 1h;
    const auto since = steady::now();
    const auto got = run_trial(what, [&] { return steady::now() > since + 500ms; });
    EXPECT_TRUE(got.interrupted);
    EXPECT_GT(got.measured.requests, 0U);
    EXPECT_LT(got.measured.lasted, 1min);
}

TEST_F(BenchTrial, AServerThatDoesNotStartIsNamed) {
    auto what = order();
    what.server_program = "/bin/false";
    try {
        (void)run_trial(what, [] { return false; });
        FAIL();
    } catch (const environment_lacks& failed) {
        EXPECT_NE(std::string(failed.what()).find("firstfin-server ended: exit code 1"), std::string::npos)
            << failed.what();
    }
}

}  // namespace
}  // namespace firstfin::bench
