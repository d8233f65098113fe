#include "harness/explain/captured_lines.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/harness/explain/written_capture.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::explain {
namespace {

using kind = message_line::kind;

std::string http(const witness::timeline& seen, std::size_t at) {
    if (seen.segments[at].payload == 0) return {};
    return seen.segments[at].from == side::client ? "GET /here HTTP/1.1\r\nHost: x\r\n" : "HTTP/1.1 404 Not Found\r\n";
}

std::vector<std::string> texts(const std::vector<message_line>& lines) {
    std::vector<std::string> out;
    for (const auto& one : lines)
        if (one.what != kind::none) out.push_back(one.text);
    return out;
}

const std::vector<std::string> both_lines{"GET /here HTTP/1.1", "HTTP/1.1 404 Not Found"};

class CapturedLines : public testing::Test {
protected:
    std::vector<message_line> lines_of(const witness::timeline& seen) {
        return read_captured_lines(captures_of(folder_.path()), seen).of_segments;
    }
    void write(const std::string& name, const witness::timeline& seen) {
        test::write_capture(folder_.path() / name, seen, [&](std::size_t at) { return http(seen, at); });
    }
    test::temporary_folder folder_;
};

TEST_F(CapturedLines, AreThoseOfTheSegments) {
    const auto seen = test::tell(test::story::server_first);
    write("capture.pcap", seen);
    const auto lines = lines_of(seen);
    ASSERT_EQ(lines.size(), seen.segments.size());
    EXPECT_EQ(texts(lines), both_lines);
    for (std::size_t at = 0; at < lines.size(); ++at)
        EXPECT_EQ(lines[at].what != kind::none, seen.segments[at].payload != 0) << at;
}

TEST_F(CapturedLines, OfIpv6) {
    auto seen = test::tell(test::story::client_first);
    seen.tuple = {parse_endpoint("[fd00:ff::2]:40122").value(), parse_endpoint("[fd00:ff::1]:8080").value()};
    write("capture.pcap", seen);
    EXPECT_EQ(texts(lines_of(seen)), both_lines);
}

TEST_F(CapturedLines, OfAResumedRunStandInItsOtherCaptures) {
    const auto seen = test::tell(test::story::server_first);
    auto earlier = seen;
    for (auto& one : earlier.segments)
        one.seq += 12'345;
    write("capture.pcap", earlier);
    write("capture-2.pcap", seen);
    EXPECT_EQ(texts(lines_of(seen)), both_lines);
    EXPECT_EQ(captures_of(folder_.path()).size(), 2U);
}

TEST_F(CapturedLines, AnotherConnectionOnTheSamePortsIsNotMistaken) {
    const auto seen = test::tell(test::story::server_first);
    auto other = seen;
    for (auto& one : other.segments) {
        one.seq += 99;
        one.ack += 99;
    }
    write("capture.pcap", other);
    EXPECT_TRUE(texts(lines_of(seen)).empty());
}

TEST_F(CapturedLines, WithoutACaptureThereAreNone) {
    EXPECT_TRUE(texts(lines_of(test::tell(test::story::server_first))).empty());
    EXPECT_TRUE(captures_of(folder_.path()).empty());
}

TEST_F(CapturedLines, ACutCaptureIsReadAsFarAsItGoes) {
    const auto seen = test::tell(test::story::server_first);
    write("capture.pcap", seen);
    const auto whole = std::filesystem::file_size(folder_.path() / "capture.pcap");
    for (auto size = whole; size > 24; size -= 7) {
        std::filesystem::resize_file(folder_.path() / "capture.pcap", size);
        EXPECT_LE(texts(lines_of(seen)).size(), 2U) << size;
    }
}

TEST_F(CapturedLines, AFileThatIsNoCaptureIsNamedAndTheOthersAreRead) {
    const auto seen = test::tell(test::story::server_first);
    std::ofstream(folder_.path() / "capture.pcap");  // killed before its first byte
    std::ofstream(folder_.path() / "capture-2.pcap") << "hello, this is no capture file at all";
    write("capture-3.pcap", seen);
    const auto read = read_captured_lines(captures_of(folder_.path()), seen);
    EXPECT_EQ(texts(read.of_segments), both_lines);
    ASSERT_EQ(read.troubles.size(), 2U);
    EXPECT_TRUE(read.troubles[0].starts_with("cannot read " + (folder_.path() / "capture.pcap").string()));
    EXPECT_TRUE(read.troubles[1].starts_with("cannot read " + (folder_.path() / "capture-2.pcap").string()));
}

}  // namespace
}  // namespace firstfin::explain
