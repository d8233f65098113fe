#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <map>
#include <sstream>

#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/sandbox/needs_delayed_links.hpp"
#include "tests/support/installation.hpp"

// Another reader of the same capture: tshark's fields, and a reading of them that shares no code with ours.

namespace firstfin::test {
namespace {

namespace json = boost::json;

/// One segment as tshark prints it. Numbers are absolute.
struct line {
    bool from_server = false;
    std::uint32_t seq = 0;
    std::uint32_t ack = 0;
    std::uint32_t length = 0;
    unsigned flags = 0;
};

/// "client address:port" to the segments of its connection; the port that listens is the server's.
std::map<std::string, std::vector<line>> read_with_tshark(const installation& here) {
    const auto text =
        here.shell(
                "tshark -r run/capture.pcap -o tcp.relative_sequence_numbers:FALSE -T fields -E separator=, "
                "-e ip.src -e tcp.srcport -e ip.dst -e tcp.dstport -e tcp.seq -e tcp.ack -e tcp.len -e tcp.flags tcp "
                "2>/dev/null")
            .out;
    std::map<std::string, std::vector<line>> out;
    std::istringstream in(text);
    for (std::string row; std::getline(in, row);) {
        std::vector<std::string> cells;
        std::istringstream fields(row);
        for (std::string cell; std::getline(fields, cell, ',');)
            cells.push_back(cell);
        if (cells.size() != 8) continue;
        line one;
        one.from_server = cells[0].ends_with(".1");
        one.seq = static_cast<std::uint32_t>(std::stoul(cells[4]));
        one.ack = static_cast<std::uint32_t>(std::stoul(cells[5]));
        one.length = static_cast<std::uint32_t>(std::stoul(cells[6]));
        one.flags = static_cast<unsigned>(std::stoul(cells[7], nullptr, 16));
        // Different listeners may see the same client port: the server's port belongs to the name.
        const auto client = one.from_server ? cells[2] + ":" + cells[3] : cells[0] + ":" + cells[1];
        out[client + ">" + (one.from_server ? cells[1] : cells[3])].push_back(one);
    }
    return out;
}

std::string first_fin_of(const std::vector<line>& segments) {
    const line* fin[2] = {nullptr, nullptr};
    for (const auto& one : segments)
        if ((one.flags & 1U) != 0 && fin[one.from_server] == nullptr) fin[one.from_server] = &one;
    if (fin[0] == nullptr && fin[1] == nullptr) return "none";
    if (fin[0] == nullptr) return "server";
    if (fin[1] == nullptr) return "client";
    // The FIN takes one sequence number after its segment's data; whoever acknowledges it comes second.
    const bool client_second = fin[0]->ack == fin[1]->seq + fin[1]->length + 1;
    const bool server_second = fin[1]->ack == fin[0]->seq + fin[0]->length + 1;
    if (client_second) return "server";
    return server_second ? "client" : "both";
}

std::string reset_of(const std::vector<line>& segments) {
    for (const auto& one : segments)
        if ((one.flags & 4U) != 0) return one.from_server ? "server" : "client";
    return "none";
}

class Tshark : public firstfin::testing::needs_namespaces {};

/// Compares every trial of the run kept in "run"; answers how many there were.
std::size_t compare(const installation& here, const std::string& report) {
    const auto seen = read_with_tshark(here);
    std::istringstream trials(report);
    std::size_t compared = 0;
    for (std::string text; std::getline(trials, text); ++compared) {
        const auto trial = json::parse(text).as_object();
        const auto& timeline = trial.at("timeline");
        const auto client = std::string(timeline.at("client").as_string());
        const auto server = std::string(timeline.at("server").as_string());
        const auto name = client + ">" + server.substr(server.rfind(':') + 1);
        const auto found = seen.find(name);
        if (found == seen.end()) {
            ADD_FAILURE() << name << " is not in the capture";
            continue;
        }
        EXPECT_EQ(trial.at("verdict").at("first_fin").as_string(), first_fin_of(found->second)) << name;
        EXPECT_EQ(trial.at("verdict").at("reset").as_string(), reset_of(found->second)) << name;
        EXPECT_EQ(trial.at("verdict").at("conflict").as_string(), "") << name;
    }
    return compared;
}

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
