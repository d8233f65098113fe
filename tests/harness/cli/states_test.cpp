#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace json = boost::json;

class States : public firstfin::testing::needs_namespaces {
protected:
    installation here;
};

TEST_F(States, CountsTheClosesOfARealServer) {
    // A namespace of its own: what else goes on here is not counted.
    const auto ended = here.shell(
        "unshare --net sh -c '"
        "ip link set lo up; firstfin-server --listen 127.0.0.1:8080 --keepalive-timeout 0 --quiet >/dev/null & "
        "server=$!; "
        "until firstfin states --port 8080 | grep -q LISTEN; do sleep 0.02; done; "
        "firstfin-client --on-close-header wait --connections 20 http://127.0.0.1:8080/ >/dev/null; "
        "firstfin states --port 8080 --format json; kill $server'");
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto whole = json::parse(ended.out);
    const auto& first = whole.at("states").at(0);
    EXPECT_EQ(first.at("state"), "TIME_WAIT");
    EXPECT_EQ(first.at("sockets"), 20);
    EXPECT_EQ(first.at("server_side"), 20);
    EXPECT_GT(first.at("left_s").at("min").to_number<double>(), 40);
}

TEST_F(States, OfAnotherNamespaceByAProcessInIt) {
    const auto ended = here.shell(
        "unshare --net sh -c 'ip link set lo up; exec firstfin-server --listen 127.0.0.1:8081 --quiet' >/dev/null & "
        "server=$!; until firstfin states --namespace $server | grep LISTEN; do sleep 0.02; done; kill $server");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(here.firstfin({"states", "--namespace", "/no/such"}).exit_code, 2);
}

TEST_F(States, NeedsNoPrivilege) {
    const auto ended = here.shell("setpriv --reuid 65534 --regid 65534 --clear-groups firstfin states");
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    const auto foreign = here.shell("setpriv --reuid 65534 --regid 65534 --clear-groups firstfin states --namespace 1");
    EXPECT_EQ(foreign.exit_code, 3);
    EXPECT_NE(foreign.err.find("sudo firstfin states --namespace 1"), std::string::npos) << foreign.err;
}

TEST_F(States, WatchesUntilInterrupted) {
    auto watching = here.start({"states", "--watch", "--format", "json"});
    ASSERT_TRUE(firstfin::testing::eventually([&] { return !watching.out_so_far().empty(); }));
    watching.signal(SIGINT);
    const auto ended = watching.wait();
    EXPECT_EQ(ended.exit_code, 0);
    EXPECT_TRUE(json::parse(ended.out.substr(0, ended.out.find('\n'))).as_object().contains("states"));
    // A reader that has seen enough ends it, too.
    const auto piped = here.shell("timeout 20 firstfin states --watch | head -n 1");
    EXPECT_EQ(piped.exit_code, 0);
    EXPECT_TRUE(piped.out.starts_with("20")) << piped.out;
    EXPECT_EQ(piped.out.find('\x1b'), std::string::npos);
}

TEST_F(States, RefusesWhatIsNoPort) {
    for (const auto* port : {"0", "65536", "http", "-1"})
        EXPECT_EQ(here.firstfin({"states", "--port", port}).exit_code, 2) << port;
}

}  // namespace
}  // namespace firstfin::test
