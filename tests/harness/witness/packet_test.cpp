#include "harness/witness/packet.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace firstfin::witness {
namespace {

using bytes = std::vector<std::uint8_t>;

bytes from_hex(std::string_view text) {
    bytes out;
    std::string digits;
    for (const char c : text) {
        if (c != ' ') digits += c;
        if (digits.size() < 2) continue;
        out.push_back(static_cast<std::uint8_t>(std::stoul(digits, nullptr, 16)));
        digits.clear();
    }
    return out;
}

// Ethernet 02:00:00:00:00:02 > 02:00:00:00:00:01, IPv4
const std::string to_v4 = "020000000001 020000000002 0800 ";
// likewise, IPv6
const std::string to_v6 = "020000000001 020000000002 86dd ";

// 10.64.0.1:8080 > 10.64.0.2:40122  FIN,ACK  seq 1042 ack 77
const auto server_fin = from_hex(to_v4 +
                                 // version 4, 20 bytes of header, total 40, DF, TTL 64, TCP
                                 "45000028 00014000 4006264d 0a400001 0a400002"
                                 // 20 bytes of header, FIN+ACK, window 502
                                 "1f909cba 00000412 0000004d 501101f6 d8b10000");

// 10.64.0.2:40122 > 10.64.0.1:8080  PSH,ACK  seq 77 ack 1042, 18 bytes: GET / HTTP/1.1
const auto client_request = from_hex(to_v4 +
                                     // total 70
                                     "45000046 00014000 4006262f 0a400002 0a400001"
                                     // 32 bytes of header
                                     "9cba1f90 0000004d 00000412 801801f6 b5280000"
                                     // two NOPs, timestamps 1000 and 2000
                                     "0101080a 000003e8 000007d0"
                                     // "GET / HTTP/1.1\r\n\r\n"
                                     "474554202f20485454502f312e310d0a 0d0a");

// 10.64.0.2:40122 > 10.64.0.1:8080  SYN  seq 4294967295, with an option in either header
const auto syn_with_ip_option = from_hex(to_v4 +
                                         // 24 bytes of header, total 48
                                         "46000030 00014000 40069140 0a400002 0a400001"
                                         // router alert
                                         "94040000"
                                         // 24 bytes of header
                                         "9cba1f90 ffffffff 00000000 6002faf0 cc680000"
                                         // MSS 1460
                                         "020405b4");

// [fd00:ff::2]:40122 > [fd00:ff::1]:8080  RST  seq 78
const auto v6_reset = from_hex(to_v6 +
                               // version 6, payload 20, TCP, hop limit 64
                               "60000000 00140640 fd0000ff000000000000000000000002 fd0000ff000000000000000000000001"
                               // 20 bytes of header
                               "9cba1f90 0000004e 00000000 50040000 f7450000");

// [fd00:ff::1]:8080 > [fd00:ff::2]:40122  SYN,ACK  seq 1041 ack 77, behind two extension headers
const auto v6_with_extensions =
    from_hex(to_v6 +
             // payload 44, hop-by-hop options
             "60000000 002c0040 fd0000ff000000000000000000000001 fd0000ff000000000000000000000002"
             // next: destination options; 8 bytes: router alert, PadN
             "3c00 05020000 0100"
             // next: TCP; 16 bytes: PadN of 12
             "0601 010c000000000000000000000000"
             // 20 bytes of header
             "1f909cba 00000411 0000004d 5012fb04 f8220000");

const std::vector<bytes>& samples() {
    static const std::vector<bytes> all{server_fin, client_request, syn_with_ip_option, v6_reset, v6_with_extensions};
    return all;
}

// Offsets in a frame with the shortest headers.
constexpr std::size_t ethertype = 12;
constexpr std::size_t ip = 14;
constexpr std::size_t v4_fragment = ip + 6;
constexpr std::size_t v4_protocol = ip + 9;
constexpr std::size_t v6_next = ip + 6;

bytes patched(bytes frame, std::size_t at, std::string_view hex) {
    std::ranges::copy(from_hex(hex), frame.begin() + static_cast<std::ptrdiff_t>(at));
    return frame;
}
bytes cut(bytes frame, std::size_t size) {
    frame.resize(size);
    return frame;
}
bytes padded(bytes frame, std::size_t size) {
    frame.resize(size, 0xee);
    return frame;
}

/// From memory that ends where the frame does: the address sanitizer sees every byte read behind it.
std::optional<packet> parse(const bytes& frame) {
    const auto exact = std::make_unique<std::uint8_t[]>(frame.size());
    std::ranges::copy(frame, exact.get());
    return parse_ethernet_frame({exact.get(), frame.size()});
}

struct tcp_row {
    const char* name;
    bytes frame;
    const char* source;
    const char* destination;
    std::uint32_t seq;
    std::uint32_t ack;
    std::uint32_t payload;
    unsigned flags;
};

class TcpFrame : public ::testing::TestWithParam<tcp_row> {};

TEST_P(TcpFrame, IsRead) {
    const auto& row = GetParam();
    const auto seen = parse(row.frame);
    ASSERT_TRUE(seen);
    EXPECT_EQ(to_text(seen->source), row.source);
    EXPECT_EQ(to_text(seen->destination), row.destination);
    EXPECT_EQ(seen->seq, row.seq);
    EXPECT_EQ(seen->ack, row.ack);
    EXPECT_EQ(seen->payload, row.payload);
    EXPECT_EQ(seen->flags, row.flags);
    const auto packet_bytes = std::span(row.frame).subspan(14);
    const auto whole = packet_bytes[0] >> 4 == 4 ? packet_bytes[2] << 8 | packet_bytes[3]
                                                 : 40 + (packet_bytes[4] << 8 | packet_bytes[5]);
    EXPECT_EQ(static_cast<int>(seen->headers + seen->payload), whole);
}

constexpr auto server = "10.64.0.1:8080";
constexpr auto client = "10.64.0.2:40122";
constexpr auto server_v6 = "[fd00:ff::1]:8080";
constexpr auto client_v6 = "[fd00:ff::2]:40122";
using namespace tcp_flag;

INSTANTIATE_TEST_SUITE_P(
    Names, TcpFrame,
    ::testing::Values(
        tcp_row{"fin", server_fin, server, client, 1042, 77, 0, fin | ack},
        tcp_row{"request_with_tcp_options", client_request, client, server, 77, 1042, 18, psh | ack},
        tcp_row{"syn_with_ip_options", syn_with_ip_option, client, server, 4294967295U, 0, 0, syn},
        tcp_row{"v6_reset", v6_reset, client_v6, server_v6, 78, 0, 0, rst},
        tcp_row{"v6_with_extension_headers", v6_with_extensions, server_v6, client_v6, 1041, 77, 0, syn | ack},
        // Shorter than 60 bytes, a frame is filled up on a real wire.
        tcp_row{"padding_is_no_payload", padded(server_fin, 60), server, client, 1042, 77, 0, fin | ack},
        tcp_row{"padding_behind_v6_is_no_payload", padded(v6_reset, 90), client_v6, server_v6, 78, 0, 0, rst},
        tcp_row{"padding_behind_payload", padded(client_request, 100), client, server, 77, 1042, 18, psh | ack},
        // The capture keeps the first bytes alone: lengths are the IP header's.
        tcp_row{"payload_not_captured", cut(client_request, 14 + 20 + 32), client, server, 77, 1042, 18, psh | ack},
        tcp_row{"tcp_options_not_captured", cut(client_request, 14 + 20 + 20), client, server, 77, 1042, 18, psh | ack},
        tcp_row{"longest_payload", patched(client_request, ip + 2, "ffff"), client, server, 77, 1042, 65535 - 52,
                psh | ack},
        tcp_row{"longest_v6_payload", patched(v6_reset, ip + 4, "ffff"), client_v6, server_v6, 78, 0, 65535 - 20, rst},
        tcp_row{"do_not_fragment_clear", patched(server_fin, v4_fragment, "0000"), server, client, 1042, 77, 0,
                fin | ack},
        tcp_row{"all_flags", patched(server_fin, 14 + 20 + 13, "ff"), server, client, 1042, 77, 0, 0xff}),
    [](const auto& one) { return std::string(one.param.name); });

struct other_row {
    const char* name;
    bytes frame;
};

class OtherFrame : public ::testing::TestWithParam<other_row> {};

TEST_P(OtherFrame, IsNoTcpSegment) {
    EXPECT_FALSE(parse(GetParam().frame));
}

INSTANTIATE_TEST_SUITE_P(
    Names, OtherFrame,
    ::testing::Values(other_row{"empty", {}}, other_row{"arp", patched(server_fin, ethertype, "0806")},
                      other_row{"vlan", patched(server_fin, ethertype, "8100")},
                      other_row{"ethertype_of_the_other_family", patched(server_fin, ip, "65")},
                      other_row{"udp", patched(server_fin, v4_protocol, "11")},
                      other_row{"icmp", patched(server_fin, v4_protocol, "01")},
                      other_row{"icmp_v6", patched(v6_reset, v6_next, "3a")},
                      other_row{"first_fragment", patched(client_request, v4_fragment, "2000")},
                      other_row{"middle_fragment", patched(client_request, v4_fragment, "2003")},
                      other_row{"last_fragment", patched(client_request, v4_fragment, "0003")},
                      other_row{"v6_fragment", patched(v6_with_extensions, ip + 40, "2c")},
                      other_row{"v6_encrypted", patched(v6_reset, v6_next, "32")},
                      other_row{"v6_extension_longer_than_the_packet", patched(v6_with_extensions, ip + 41, "ff")},
                      other_row{"v6_extension_behind_the_end", cut(v6_with_extensions, 14 + 40 + 8)},
                      other_row{"ip_header_too_short", patched(server_fin, ip, "44")},
                      other_row{"ip_header_longer_than_the_packet", patched(server_fin, ip, "4f")},
                      other_row{"total_shorter_than_the_ip_header", patched(server_fin, ip + 2, "0013")},
                      other_row{"total_shorter_than_the_tcp_header", patched(server_fin, ip + 2, "0027")},
                      other_row{"total_of_zero", patched(server_fin, ip + 2, "0000")},
                      other_row{"v6_payload_of_zero", patched(v6_reset, ip + 4, "0000")},
                      other_row{"tcp_header_too_short", patched(server_fin, 14 + 20 + 12, "40")},
                      other_row{"tcp_header_longer_than_the_packet", patched(server_fin, 14 + 20 + 12, "60")},
                      // Padding may hold the rest of what looks like a TCP header; the IP length says it is none.
                      other_row{"tcp_header_in_the_padding", padded(patched(server_fin, ip + 2, "0020"), 60)}),
    [](const auto& one) { return std::string(one.param.name); });

// The same segment, 18 bytes of payload, as other captures show it.
const auto request_ip = bytes(client_request.begin() + 14, client_request.end());
const auto reset_ip_v6 = bytes(v6_reset.begin() + 14, v6_reset.end());

bytes behind(std::string_view hex, const bytes& ip_packet) {
    auto out = from_hex(hex);
    out.insert(out.end(), ip_packet.begin(), ip_packet.end());
    return out;
}

std::optional<packet> parse_as(link_type link, const bytes& frame, std::size_t wire_length = 0) {
    const auto exact = std::make_unique<std::uint8_t[]>(frame.size());
    std::ranges::copy(frame, exact.get());
    return parse_frame(link, {exact.get(), frame.size()}, wire_length);
}

struct link_row {
    const char* name;
    link_type link;
    bytes frame;
    bool v6 = false;
};

class LinkType : public ::testing::TestWithParam<link_row> {};

TEST_P(LinkType, LeadsToTheSameSegment) {
    const auto& row = GetParam();
    const auto seen = parse_as(row.link, row.frame);
    ASSERT_TRUE(seen);
    EXPECT_EQ(to_text(seen->source), row.v6 ? client_v6 : client);
    EXPECT_EQ(to_text(seen->destination), row.v6 ? server_v6 : server);
    EXPECT_EQ(seen->flags, row.v6 ? rst : psh | ack);
    EXPECT_EQ(seen->payload, row.v6 ? 0U : 18U);
    ASSERT_EQ(seen->payload_at + seen->payload, row.frame.size());
    const std::string text(row.frame.begin() + seen->payload_at, row.frame.end());
    EXPECT_EQ(text, row.v6 ? "" : "GET / HTTP/1.1\r\n\r\n");
    // Cut anywhere, it is the same segment or none.
    for (std::size_t size = 0; size < row.frame.size(); ++size)
        if (const auto part = parse_as(row.link, cut(row.frame, size))) {
            EXPECT_EQ(part->seq, seen->seq) << size;
            EXPECT_EQ(part->payload_at, seen->payload_at) << size;
        }
}

INSTANTIATE_TEST_SUITE_P(
    Names, LinkType,
    ::testing::Values(
        link_row{"ethernet", link_type::ethernet, client_request},
        // 802.1Q, VLAN 7
        link_row{"vlan", link_type::ethernet, behind("020000000001 020000000002 8100 0007 0800", request_ip)},
        // 802.1ad outside, 802.1Q inside
        link_row{"double_vlan", link_type::ethernet,
                 behind("020000000001 020000000002 88a8 0005 8100 2007 86dd", reset_ip_v6), true},
        link_row{"old_double_vlan", link_type::ethernet,
                 behind("020000000001 020000000002 9100 0005 8100 0007 0800", request_ip)},
        // to us, Ethernet hardware, address of 6 bytes, IPv4
        link_row{"linux_cooked", link_type::linux_cooked, behind("0000 0001 0006 0200000000020000 0800", request_ip)},
        link_row{"linux_cooked_v6", link_type::linux_cooked,
                 behind("0004 0001 0006 0200000000020000 86dd", reset_ip_v6), true},
        link_row{"linux_cooked_vlan", link_type::linux_cooked,
                 behind("0000 0001 0006 0200000000020000 8100 0007 0800", request_ip)},
        // IPv4, reserved, interface 2, Ethernet hardware, to us, address of 6 bytes
        link_row{"linux_cooked_v2", link_type::linux_cooked_v2,
                 behind("0800 0000 00000002 0001 00 06 0200000000020000", request_ip)},
        link_row{"linux_cooked_v2_v6", link_type::linux_cooked_v2,
                 behind("86dd 0000 00000002 0001 04 06 0200000000020000", reset_ip_v6), true},
        link_row{"null_little_endian", link_type::bsd_loopback, behind("02000000", request_ip)},
        link_row{"null_big_endian", link_type::bsd_loopback, behind("00000002", request_ip)},
        link_row{"null_v6_of_macos", link_type::bsd_loopback, behind("1e000000", reset_ip_v6), true},
        link_row{"loop_v6_of_openbsd", link_type::bsd_loopback, behind("00000018", reset_ip_v6), true},
        link_row{"raw", link_type::raw_ip, request_ip}, link_row{"raw_v6", link_type::raw_ip, reset_ip_v6, true}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(LinkTypeFrame, OfAnotherProtocolIsNoSegment) {
    EXPECT_FALSE(parse_as(link_type::linux_cooked, behind("0000 0001 0006 0200000000020000 0806", request_ip)));
    EXPECT_FALSE(
        parse_as(link_type::linux_cooked_v2, behind("0806 0000 00000002 0001 00 06 0200000000020000", request_ip)));
    EXPECT_FALSE(parse_as(link_type::bsd_loopback, behind("07000000", request_ip)));
    EXPECT_FALSE(parse_as(link_type::ethernet, from_hex("020000000001 020000000002 8100 0007 8100 0007 8100")));
}

// Captured before the network card split it: the IP header says 0.
TEST(LargeSegment, HasItsLengthFromTheFrame) {
    const auto large = patched(client_request, ip + 2, "0000");
    EXPECT_FALSE(parse_as(link_type::ethernet, large));
    const auto seen = parse_as(link_type::ethernet, large, 70'000);
    ASSERT_TRUE(seen);
    EXPECT_EQ(seen->payload, 70'000U - 14 - 20 - 32);
    const auto v6 = parse_as(link_type::ethernet, patched(v6_reset, ip + 4, "0000"), 80'000);
    ASSERT_TRUE(v6);
    EXPECT_EQ(v6->payload, 80'000U - 14 - 40 - 20);
}

// Anything may come out of a damaged frame, but only from its own bytes and within what its headers can say.
void expect_plausible(const bytes& frame) {
    const auto seen = parse(frame);
    if (!seen) return;
    EXPECT_GE(frame.size(), server_fin.size());
    EXPECT_LE(seen->payload, 65535U - 20U);
    EXPECT_EQ(seen->source.address().is_v6(), seen->destination.address().is_v6());
}

TEST(DamagedFrame, CutAnywhereIsReadWithinItsBytes) {
    for (const auto& sample : samples()) {
        const auto whole = parse(sample);
        ASSERT_TRUE(whole);
        for (std::size_t size = 0; size <= sample.size(); ++size) {
            const auto seen = parse(cut(sample, size));
            if (!seen) continue;
            EXPECT_EQ(seen->seq, whole->seq) << size;
            EXPECT_EQ(seen->payload, whole->payload) << size;
        }
    }
}

TEST(DamagedFrame, WithAnyBitFlippedIsReadWithinItsBytes) {
    for (const auto& sample : samples())
        for (std::size_t bit = 0; bit < sample.size() * 8; ++bit) {
            auto damaged = sample;
            damaged[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
            expect_plausible(damaged);
        }
}

TEST(DamagedFrame, WithManyBitsFlippedAndCutIsReadWithinItsBytes) {
    std::mt19937 random(1);
    for (int round = 0; round < 20'000; ++round) {
        auto damaged = samples()[random() % samples().size()];
        for (auto flips = random() % 8; flips > 0; --flips)
            damaged[random() % damaged.size()] ^= static_cast<std::uint8_t>(1 << random() % 8);
        if (random() % 2 == 0) damaged.resize(random() % damaged.size());
        expect_plausible(damaged);
    }
}

TEST(DamagedFrame, OfNoiseIsReadWithinItsBytes) {
    std::mt19937 random(2);
    for (int round = 0; round < 20'000; ++round) {
        bytes noise(random() % 120);
        for (auto& each : noise)
            each = static_cast<std::uint8_t>(random());
        // Past the checks that noise would hardly pass.
        if (noise.size() > ip) noise = patched(noise, ethertype, random() % 2 == 0 ? "0800 45" : "86dd 60");
        expect_plausible(noise);
    }
}

}  // namespace
}  // namespace firstfin::witness
