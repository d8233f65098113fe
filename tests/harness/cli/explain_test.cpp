#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace json = boost::json;
namespace fs = std::filesystem;

class Explain : public firstfin::testing::needs_namespaces {
protected:
    json::value explained(std::vector<std::string> which) {
        which.insert(which.begin(), {"explain", "run"});
        which.insert(which.end(), {"--format", "json"});
        const auto ended = here.firstfin(std::move(which));
        EXPECT_EQ(ended.exit_code, 0) << ended.err;
        return json::parse(ended.out);
    }
    installation here;
};

/// The last state derived from the wire and the last that the kernel told, "gone" for no connection.
struct last_states {
    std::string derived;
    std::string asked;
};

last_states last_states_of(const json::value& whole, const char* side) {
    last_states out;
    for (const auto& step : whole.at("ladder").as_array()) {
        if (step.at("witness") == "wire") out.derived = step.at("derived_states").at(side).as_string();
        if (step.at("witness") == "sockets" && step.at("side") == side)
            out.asked = step.at("state").is_null() ? std::string("CLOSED") : std::string(step.at("state").as_string());
    }
    return out;
}

TEST_F(Explain, DerivedStatesAreThoseOfTheKernels) {
    const auto file = here.file("endings.toml", all_endings_with(2));
    ASSERT_EQ(here.firstfin({"run", file, "--out", "run"}).exit_code, 0);
    std::size_t compared = 0;
    for (int cell = 1; cell <= 14; ++cell)
        for (int trial = 0; trial < 2; ++trial) {
            const auto whole = explained({std::to_string(cell), std::to_string(trial)});
            for (const auto* side : {"client", "server"}) {
                const auto last = last_states_of(whole, side);
                EXPECT_EQ(last.derived, last.asked) << cell << "/" << trial << " " << json::serialize(whole);
                ++compared;
            }
        }
    EXPECT_EQ(compared, 56U);
}

TEST_F(Explain, ShowsHttpFromTheCaptureAndDoesWithoutIt) {
    const auto run = [&](const std::string& more) {
        return here.shell("firstfin run --set server.keepalive_timeout=100ms --set link.family=ipv6 --out run " + more);
    };
    ASSERT_EQ(run("").exit_code, 0);
    // One cell: no need to name it.
    const auto text = here.firstfin({"explain", "run"});
    EXPECT_EQ(text.exit_code, 0) << text.err;
    for (const auto* part :
         {"GET / HTTP/1.1\n", "HTTP/1.1 200 OK\n", "SYN 0x002", "server's socket table, asked: TIME_WAIT",
          "the first FIN was the server's", "[fd00:ff", "it holds"})
        EXPECT_NE(text.out.find(part), std::string::npos) << part << text.out;
    // As after an interrupted run: the connection is in the second capture.
    fs::rename(here.folder() / "run" / "capture.pcap", here.folder() / "run" / "capture-2.pcap");
    ASSERT_EQ(here.shell("firstfin run --set server.keepalive_timeout=50ms --out other && "
                         "cp other/capture.pcap run/capture.pcap")
                  .exit_code,
              0);
    EXPECT_NE(here.firstfin({"explain", "run"}).out.find("GET / HTTP/1.1\n"), std::string::npos);
    fs::remove(here.folder() / "run" / "capture.pcap");
    fs::remove(here.folder() / "run" / "capture-2.pcap");
    const auto without = here.firstfin({"explain", "run"});
    EXPECT_EQ(without.exit_code, 0);
    EXPECT_EQ(without.out.find("GET /"), std::string::npos);
    EXPECT_NE(without.out.find("capture.pcap is gone"), std::string::npos) << without.out;
}

TEST_F(Explain, ListsCellsAndSaysWhatIsAmbiguous) {
    const auto file = here.file("three.toml",
                                "[client]\nidle_timeout = \"30ms\"\n[sweep]\n\"server.keepalive_timeout\" = [\"60ms\", "
                                "\"70ms\", \"80ms\"]\n");
    ASSERT_EQ(here.firstfin({"run", file, "--out", "run"}).exit_code, 0);
    const auto list = here.firstfin({"explain", "run"});
    EXPECT_EQ(list.exit_code, 0);
    EXPECT_NE(list.out.find("70ms"), std::string::npos) << list.out;
    EXPECT_NE(list.err.find("firstfin explain run 1"), std::string::npos) << list.err;
    const auto many = here.firstfin({"explain", "run", "client.idle_timeout=30ms"});
    EXPECT_EQ(many.exit_code, 2);
    EXPECT_NE(many.err.find("3 cells fit"), std::string::npos) << many.err;
    EXPECT_EQ(here.firstfin({"explain", "run", "server.keepalive_timeout=0.07s"}).exit_code, 0);
    EXPECT_EQ(here.firstfin({"explain", "run", "9"}).exit_code, 2);
    EXPECT_EQ(here.firstfin({"explain", "run", "1", "5"}).exit_code, 2);
    EXPECT_EQ(here.firstfin({"explain", "no-such-run"}).exit_code, 2);
}

}  // namespace
}  // namespace firstfin::test
