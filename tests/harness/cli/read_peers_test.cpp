#include <gtest/gtest.h>

#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/cli/report_and_read.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

// The same capture as other tools write it, and damaged by them, tells the same.

namespace firstfin::test {
namespace {

class ReadPeers : public firstfin::testing::needs_namespaces {};

TEST_F(ReadPeers, RewrittenCapturesGiveTheSameVerdicts) {
    const installation here;
    ASSERT_EQ(here.shell("command -v tshark editcap mergecap").exit_code, 0) << "install it: apt-get install tshark";
    const auto file = here.file("endings.toml", all_endings_with(10));
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto expected = told_by_report(ended.out);
    ASSERT_EQ(expected.size(), 140U);
    for (const auto* rewrite : {"editcap -F pcapng run/capture.pcap out",    //
                                "editcap -F pcap run/capture.pcap out",      // microseconds
                                "editcap -F nsecpcap run/capture.pcap out",  //
                                "editcap -F pcap -C 14 -T rawip run/capture.pcap out",
                                // all but the first of each pair of copies are duplicates
                                "mergecap -F pcap -w out run/capture.pcap run/capture.pcap",
                                "tshark -r run/capture.pcap -F pcapng -w out tcp"}) {
        const auto rewritten = here.shell(std::string(rewrite) + " 2>&1");
        ASSERT_EQ(rewritten.exit_code, 0) << rewrite << ": " << rewritten.out;
        const auto read = here.shell("firstfin read out --format jsonl");
        EXPECT_EQ(read.exit_code, 0) << rewrite << read.err;
        EXPECT_EQ(told_by_read(read.out), expected) << rewrite;
    }
    // Headers alone: requests become turns, which are as many here.
    ASSERT_EQ(here.shell("editcap -F pcap -s 66 run/capture.pcap out").exit_code, 0);
    EXPECT_EQ(told_by_read(here.shell("firstfin read out --format jsonl").out), expected);
}

TEST_F(ReadPeers, HalfACaptureNeverGivesAnotherVerdict) {
    const installation here;
    const auto file = here.file("endings.toml", all_endings_with(5));
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto expected = told_by_report(ended.out);
    const auto first_word = [](const std::string& text) { return text.substr(0, text.find(' ')); };
    for (const auto* filter : {"ip.src==10.64.0.1", "ip.src==10.64.0.2", "frame.number>200", "frame.number%3!=0",
                               "frame.number%7!=0", "tcp.flags.syn==0", "tcp.len==0"}) {
        ASSERT_EQ(here.shell(std::string("tshark -r run/capture.pcap -w out '") + filter + "' 2>&1").exit_code, 0);
        // Which end serves is not under test.
        const auto read = here.shell("firstfin read out --format jsonl").out;
        for (const auto& [name, told] : told_by_read(read)) {
            const auto truth = expected.find(name);
            if (truth == expected.end()) continue;  // the sides are guessed the other way round
            const auto word = first_word(told);
            const auto true_word = first_word(truth->second);
            // Where a whole close is cut out, the connection looks open; where one of two crossed FINs is and nobody
            // acknowledges it, half closed. Every other hole shows.
            const bool nothing_left = told.find(" open ") != std::string::npos ||
                                      (true_word == "both" && told.find(" half_closed ") != std::string::npos);
            EXPECT_TRUE(word == true_word || word == "unknown" || nothing_left)
                << filter << ": " << name << ": " << told << " for " << truth->second;
        }
    }
}

}  // namespace
}  // namespace firstfin::test
