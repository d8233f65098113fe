#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <random>

#include "core/parse_error.hpp"
#include "harness/capture_reading/read_capture.hpp"
#include "tests/harness/capture_reading/told_capture.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::testing {
namespace {

using namespace capture_reading;
using namespace std::chrono_literals;

const std::string& sample() {
    static const auto bytes = told_capture(story()
                                               .handshake()
                                               .request()
                                               .response()
                                               .ack(side::client)
                                               .after(65s)
                                               .fin(side::server)
                                               .ack(side::client)
                                               .fin(side::client)
                                               .ack(side::server))
                                  .pcap();
    return bytes;
}

struct read_result {
    capture_facts facts;
    std::vector<connection_record> records;
};

read_result read(std::string bytes) {
    // One byte at least: an empty stream in memory cannot be opened.
    capture_source source(::fmemopen(bytes.data(), std::max<std::size_t>(bytes.size(), 1), "rb"), "capture");
    read_result out;
    out.facts = read_capture(
        source, {}, [&out](const auto& one) { out.records.push_back(one); }, [] { return true; });
    return out;
}

std::string refusal(const std::function<void()>& attempt) {
    try {
        attempt();
    } catch (const bad_input& failed) {
        return failed.what();
    }
    return "accepted";
}
std::string refusal(const std::string& bytes) {
    return refusal([&bytes] { (void)read(bytes); });
}

std::string with_link(std::string bytes, std::uint32_t link) {
    std::memcpy(bytes.data() + 20, &link, sizeof link);
    return bytes;
}

TEST(CaptureFile, IsReadToItsEnd) {
    const auto read_all = read(sample());
    EXPECT_EQ(read_all.facts.frames, 10U);
    EXPECT_EQ(read_all.facts.segments, 10U);
    EXPECT_EQ(read_all.facts.damage, "");
    EXPECT_EQ(read_all.facts.link, "Ethernet");
    ASSERT_EQ(read_all.records.size(), 1U);
    EXPECT_EQ(read_all.records[0].closed_first(), party::server);
    EXPECT_EQ(read_all.records[0].requests, 1U);
    EXPECT_EQ(read_all.records[0].counted_by, request_basis::http);
}

TEST(CaptureFile, TruncatedAnywhereIsReadUpToThere) {
    for (std::size_t size = 25; size < sample().size(); ++size) {
        const auto bytes = sample().substr(0, size);
        // 24 bytes of file header, 16 before each frame; the first frame has no payload.
        if (size < 24 + 16 + 54) {
            EXPECT_NE(refusal(bytes).find("reading ended at frame 1, at byte " + std::to_string(size)),
                      std::string::npos)
                << refusal(bytes);
            continue;
        }
        const auto part = read(bytes);
        EXPECT_LT(part.facts.frames, 10U);
        EXPECT_EQ(part.records.size(), 1U);
        if (part.facts.damage.empty()) continue;  // between two frames
        EXPECT_EQ(part.facts.damage.find("reading ended at frame " + std::to_string(part.facts.frames + 1) +
                                         ", at byte " + std::to_string(size)),
                  0U)
            << part.facts.damage;
    }
}

TEST(CaptureFile, CorruptIsReadUpToThere) {
    auto bytes = sample();
    // The captured length of the third frame.
    std::memset(bytes.data() + 24 + 2 * (16 + 54) + 8, 0xff, 4);
    const auto part = read(bytes);
    EXPECT_EQ(part.facts.frames, 2U);
    EXPECT_NE(part.facts.damage.find("frame 3"), std::string::npos) << part.facts.damage;
}

TEST(CaptureFile, WithoutFramesHoldsNothing) {
    const auto nothing = read(sample().substr(0, 24));
    EXPECT_EQ(nothing.facts.frames, 0U);
    EXPECT_EQ(nothing.facts.damage, "");
    EXPECT_TRUE(nothing.records.empty());
}

TEST(CaptureFile, ThatIsNoneIsRefusedWithAHint) {
    const test::temporary_folder folder;
    const auto empty = (folder.path() / "empty").string();
    std::ofstream(empty).close();
    const auto why = refusal([&empty] { (void)capture_source::open(empty); });
    EXPECT_NE(why.find("the file is empty"), std::string::npos) << why;
    EXPECT_NE(refusal("\x1f\x8b\x08 and more bytes than a header has").find("zcat"), std::string::npos);
    EXPECT_NE(refusal("Dear reader, this is no capture at all.").find("pcap and pcapng can"), std::string::npos);
    EXPECT_THROW((void)capture_source::open("/nowhere/at/all.pcap"), bad_input);
    EXPECT_THROW((void)capture_source::open("/tmp"), bad_input);
}

TEST(CaptureFile, OfAnotherLinkTypeIsRefusedByName) {
    const auto why = refusal(with_link(sample(), 127));
    EXPECT_NE(why.find("IEEE802_11_RADIO"), std::string::npos) << why;
    EXPECT_NE(why.find("Linux cooked"), std::string::npos) << why;
}

TEST(CaptureFile, WithMicrosecondsAndTheOtherByteOrderIsTheSame) {
    auto micro = sample();
    const std::uint32_t magic = 0xa1b2c3d4;
    std::memcpy(micro.data(), &magic, sizeof magic);
    for (std::size_t at = 24; at < micro.size();) {
        std::uint32_t fraction = 0;
        std::uint32_t captured = 0;
        std::memcpy(&fraction, micro.data() + at + 4, 4);
        std::memcpy(&captured, micro.data() + at + 8, 4);
        fraction /= 1000;
        std::memcpy(micro.data() + at + 4, &fraction, 4);
        at += 16 + captured;
    }
    auto swapped = sample();
    const auto reverse = [&swapped](std::size_t at, std::size_t count) {
        std::reverse(swapped.begin() + static_cast<std::ptrdiff_t>(at),
                     swapped.begin() + static_cast<std::ptrdiff_t>(at + count));
    };
    for (std::size_t at = 24; at < swapped.size();) {
        std::uint32_t captured = 0;
        std::memcpy(&captured, swapped.data() + at + 8, 4);
        for (std::size_t field = 0; field < 4; ++field)
            reverse(at + 4 * field, 4);
        at += 16 + captured;
    }
    for (const auto& [at, count] : {std::pair{0U, 4U}, {4U, 2U}, {6U, 2U}, {8U, 4U}, {12U, 4U}, {16U, 4U}, {20U, 4U}})
        reverse(at, count);
    const auto expected = read(sample()).records.at(0);
    for (const auto& bytes : {micro, swapped}) {
        const auto one = read(bytes).records.at(0);
        EXPECT_EQ(one.idle_at_close, expected.idle_at_close);
        EXPECT_EQ(one.began, expected.began);
        EXPECT_EQ(one.closed_first(), expected.closed_first());
    }
}

TEST(CaptureFile, WithAnyBitFlippedIsReadOrRefused) {
    std::mt19937 random(1);
    for (int round = 0; round < 3000; ++round) {
        auto bytes = sample();
        for (auto flips = 1 + random() % 8; flips > 0; --flips) {
            auto& victim = bytes[random() % bytes.size()];
            victim = static_cast<char>(victim ^ (1 << random() % 8));
        }
        try {
            EXPECT_LE(read(bytes).facts.frames, 10U);
        } catch (const bad_input&) {
        }
    }
}

}  // namespace
}  // namespace firstfin::testing
