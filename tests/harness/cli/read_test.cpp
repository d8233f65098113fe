#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness/capture_reading/told_capture.hpp"
#include "tests/harness/cli/all_endings.hpp"
#include "tests/harness/cli/report_and_read.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

using firstfin::testing::story;
using firstfin::testing::told_capture;
using namespace std::chrono_literals;

std::string lost_request() {
    return told_capture(story()
                            .handshake()
                            .request()
                            .response()
                            .ack(side::client)
                            .after(65s)
                            .fin(side::server)
                            .ack(side::client)
                            .data(side::client, 80)
                            .rst(side::server))
        .pcap();
}

class ReadRun : public firstfin::testing::needs_namespaces {
protected:
    installation here;
};

TEST_F(ReadRun, AgreesWithTheVerdictOnEveryKindOfEnding) {
    const auto file = here.file("endings.toml", all_endings_with(5));
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto read = here.firstfin({"read", "run/capture.pcap", "--format", "jsonl"});
    EXPECT_EQ(read.exit_code, 0) << read.err;
    const auto expected = told_by_report(ended.out);
    EXPECT_EQ(expected.size(), 14U * 5U);
    EXPECT_EQ(told_by_read(read.out), expected);
}

// Stale reuse, true races, crossed FINs, and everything served just in time.
TEST_F(ReadRun, AgreesWithTheVerdictOnRaces) {
    const auto file = here.file("races.toml", R"(
[server]
keepalive_timeout = "150ms"
[scenario]
kind = "cadence"
requests = 3
[sweep]
"client.idle_timeout" = ["150ms", "1s"]
"client.notices_fin" = ["at_once", "lazy"]
"scenario.gap" = ["149ms", "149.9ms", "150ms", "150.1ms", "151ms"]
[run]
replicates = 10
)");
    const auto ended = here.firstfin({"run", file, "--format", "jsonl", "--out", "run"});
    ASSERT_EQ(ended.exit_code, 0) << ended.err;
    const auto read = here.firstfin({"read", "run/capture.pcap", "--format", "jsonl"});
    const auto found = told_by_read(read.out);
    for (const auto& [name, verdict] : told_by_report(ended.out)) {
        // A client that tries again makes further connections, which are no trials.
        const auto one = found.find(name);
        ASSERT_NE(one, found.end()) << name;
        EXPECT_EQ(one->second, verdict) << name;
    }
    const bool any_lost = read.out.find("\"lost\":\"stale_reuse\"") != std::string::npos ||
                          read.out.find("\"lost\":\"true_race\"") != std::string::npos;
    EXPECT_EQ(read.exit_code, any_lost ? 1 : 0);
}

TEST(ReadCommand, ExitsWithOneWhenARequestWasLost) {
    const installation here;
    const auto file = here.file("lost.pcap", lost_request());
    const auto ended = here.firstfin({"read", file});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_NE(ended.out.find("1 request was lost (1 stale reuse)"), std::string::npos) << ended.out;
    EXPECT_EQ(here.firstfin({"read", file, "--port", "8080"}).exit_code, 1);
    EXPECT_EQ(here.firstfin({"read", file, "--port", "80"}).exit_code, 0);
}

TEST(ReadCommand, ReadsStandardInput) {
    const installation here;
    here.file("lost.pcap", lost_request());
    const auto ended = here.shell("firstfin read - --format csv <lost.pcap");
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    EXPECT_NE(ended.out.find(",stale_reuse,"), std::string::npos) << ended.out;
    EXPECT_EQ(here.shell("cat lost.pcap | firstfin read - --format json").exit_code, 1);
}

TEST(ReadCommand, ReportsATruncatedFileWithAWarning) {
    const installation here;
    const auto whole = lost_request();
    // Without the RST, the lost request and a bit of the ACK before.
    here.file("cut.pcap", whole.substr(0, whole.size() - (16 + 54) - (16 + 54 + 80) - 5));
    const auto text = here.shell("firstfin read cut.pcap");
    EXPECT_EQ(text.exit_code, 0) << text.err;
    EXPECT_NE(text.out.find("warning: reading ended at frame 8, at byte"), std::string::npos) << text.out;
    EXPECT_EQ(text.err, "");
    const auto lines = here.shell("firstfin read cut.pcap --format jsonl");
    EXPECT_EQ(lines.exit_code, 0);
    EXPECT_NE(lines.err.find("warning: reading ended at frame 8"), std::string::npos) << lines.err;
}

// As with `tcpdump -w - | firstfin read -`: Ctrl-C ends the feeder, and the report is on all that came.
TEST(ReadCommand, InterruptedReportsWhatCame) {
    const installation here;
    const auto pipe = (here.folder() / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    int feeder = ::open(pipe.c_str(), O_RDWR | O_CLOEXEC);
    running reader({"sh", "-c", "exec bin/firstfin read - --format jsonl <pipe"}, here.folder());
    const auto whole = lost_request();
    ASSERT_EQ(::write(feeder, whole.data(), whole.size()), static_cast<ssize_t>(whole.size()));
    EXPECT_TRUE(firstfin::testing::eventually([&] {
        int unread = 0;
        return ::ioctl(feeder, FIONREAD, &unread) == 0 && unread == 0;
    }));
    reader.signal(SIGINT);
    ::close(feeder);
    const auto ended = reader.wait();
    EXPECT_EQ(ended.exit_code, 4) << ended.err;
    EXPECT_NE(ended.out.find("\"lost\":\"stale_reuse\""), std::string::npos) << ended.out;
}

TEST(ReadCommand, RefusesWhatIsNoCaptureWithTwo) {
    const installation here;
    here.file("hostile.pcap", "no capture");
    for (const auto* arguments :
         {"nowhere.pcap", ".", "hostile.pcap", "hostile.pcap --port 0", "hostile.pcap --format xml"}) {
        const auto ended = here.shell(std::string("firstfin read ") + arguments);
        EXPECT_EQ(ended.exit_code, 2) << arguments;
        EXPECT_NE(ended.err, "") << arguments;
        EXPECT_EQ(ended.out, "") << arguments;
    }
}

TEST(ReadCommand, AHostileFileNameCommandsNoTerminal) {
    const installation here;
    here.file("\x1b[31mred.pcap", lost_request());
    const auto read = here.shell("firstfin read *red.pcap; firstfin read \"$(printf '\\033[2Jnone')\"");
    EXPECT_EQ(read.out.find('\x1b'), std::string::npos) << read.out;
    EXPECT_EQ(read.err.find('\x1b'), std::string::npos) << read.err;
    EXPECT_NE(read.err.find("\\x1b[2Jnone"), std::string::npos) << read.err;
}

}  // namespace
}  // namespace firstfin::test
