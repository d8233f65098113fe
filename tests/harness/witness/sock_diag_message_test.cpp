#include "harness/witness/sock_diag_message.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>

#include <array>
#include <cstring>
#include <stdexcept>

namespace firstfin::testing {
namespace {

using witness::row_from;

endpoint at(const char* address, std::uint16_t port) {
    return {boost::asio::ip::make_address(address), port};
}

TEST(SockDiagMessage, an_exact_request_puts_everything_in_network_order) {
    const auto request = witness::exact_request({at("10.64.7.2", 40122), at("10.64.7.1", 8080)}, 5);
    // family AF_INET, protocol TCP, no extensions, padding; every state; then the identity:
    // 40122 > 8080, 10.64.7.2 > 10.64.7.1 in the first of four words each, any interface, no cookie
    constexpr std::array<std::uint8_t, 56> expected = {
        2,    6,    0,    0,    0xff, 0xff, 0xff, 0xff,                                     //
        0x9c, 0xba, 0x1f, 0x90,                                                             //
        10,   64,   7,    2,    0,    0,    0,    0,    0,    0,    0,    0,   0, 0, 0, 0,  //
        10,   64,   7,    1,    0,    0,    0,    0,    0,    0,    0,    0,   0, 0, 0, 0,  //
        0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    EXPECT_EQ(std::memcmp(&request.body, expected.data(), expected.size()), 0);
    EXPECT_EQ(request.header.nlmsg_len, 72U);
    EXPECT_EQ(request.header.nlmsg_seq, 5U);
    EXPECT_FALSE(request.header.nlmsg_flags & NLM_F_DUMP);
}

TEST(SockDiagMessage, a_v4_mapped_connection_is_asked_for_as_v4) {
    const auto mapped = witness::exact_request({at("::ffff:10.64.7.1", 8080), at("10.64.7.2", 40122)}, 5);
    const auto plain = witness::exact_request({at("10.64.7.1", 8080), at("10.64.7.2", 40122)}, 5);
    EXPECT_EQ(std::memcmp(&mapped, &plain, sizeof plain), 0);
}

TEST(SockDiagMessage, ends_of_different_families_are_a_mistake) {
    EXPECT_THROW((void)witness::exact_request({at("10.64.7.1", 8080), at("fd00:ff:7::2", 40122)}, 5),
                 std::invalid_argument);
}

TEST(SockDiagMessage, a_row_of_a_dual_stack_server_shows_v4_addresses) {
    inet_diag_msg message{};
    message.idiag_family = AF_INET6;
    message.idiag_state = 6;
    message.idiag_timer = 3;
    message.idiag_expires = 59'900;
    message.id.idiag_sport = htons(8080);
    message.id.idiag_dport = htons(40122);
    const auto local = boost::asio::ip::make_address_v6("::ffff:10.64.7.1").to_bytes();
    const auto remote = boost::asio::ip::make_address_v6("::ffff:10.64.7.2").to_bytes();
    std::memcpy(message.id.idiag_src, local.data(), local.size());
    std::memcpy(message.id.idiag_dst, remote.data(), remote.size());
    const auto row = row_from(message);
    EXPECT_EQ(row.state, tcp_state::time_wait);
    EXPECT_EQ(row.timer, witness::socket_timer::time_wait);
    EXPECT_EQ(row.expires, std::chrono::milliseconds(59'900));
    EXPECT_EQ(row.ends, (witness::connection_ends{at("10.64.7.1", 8080), at("10.64.7.2", 40122)}));
}

}  // namespace
}  // namespace firstfin::testing
