#include <gtest/gtest.h>

#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/cli/tshark_reading.hpp"
#include "tests/harness/sandbox/needs_delayed_links.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

class Tshark : public firstfin::testing::needs_namespaces {};

TEST_F(Tshark, AgreesWithEveryVerdictOfAThousandMixedTrials) {
    const installation here;
    ASSERT_EQ(here.shell("command -v tshark").exit_code, 0) << "install it: apt-get install tshark";
    const auto ended =
        here.firstfin({"run", here.file("endings.toml", all_endings_with(72)), "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(compare(here, ended.out), 14U * 72U);
}

// Requests and FINs that meet: stale reuse, true races, crossed FINs, and everything served just in time.
TEST_F(Tshark, AgreesWithEveryVerdictOfRaces) {
    const installation here;
    const auto file = here.file("races.toml", R"(
[server]
keepalive_timeout = "150ms"
[scenario]
kind = "cadence"
requests = 3
[sweep]
"client.idle_timeout" = ["150ms", "1s"]
"scenario.gap" = ["149ms", "149.9ms", "150ms", "150.1ms", "151ms"]
[run]
replicates = 40
)");
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(compare(here, ended.out), 400U);
}

// One capture file holds stages of both kinds; on the long one FINs cross for certain.
TEST_F(Tshark, AgreesWithEveryVerdictOnLinksWithAndWithoutDelay) {
    firstfin::testing::need_tap_interfaces();
    if (IsSkipped() || HasFatalFailure()) return;
    const installation here;
    const auto file = here.file("links.toml", R"(
[client]
close_mode = "timer"
idle_timeout = "150ms"
[sweep]
"link.delay" = ["0s", "10ms"]
"server.keepalive_timeout" = ["120ms", "150ms", "160ms", "200ms"]
[run]
replicates = 40
)");
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(compare(here, ended.out), 320U);
}

}  // namespace
}  // namespace firstfin::test
