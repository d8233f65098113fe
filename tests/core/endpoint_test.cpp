#include "core/endpoint.hpp"

#include <gtest/gtest.h>

#include <unordered_set>

namespace firstfin {
namespace {

endpoint at(const char* text) {
    return parse_endpoint(text).value();
}

struct text_row {
    const char* name;
    const char* text;
    const char* host;
    std::uint16_t port;
};

class EndpointText : public ::testing::TestWithParam<text_row> {};

TEST_P(EndpointText, IsReadAndPrinted) {
    const auto value = parse_endpoint(GetParam().text);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(value->address(), boost::asio::ip::make_address(GetParam().host));
    EXPECT_EQ(value->port(), GetParam().port);
    EXPECT_EQ(to_text(*value), GetParam().text);
}

INSTANTIATE_TEST_SUITE_P(Names, EndpointText,
                         ::testing::Values(text_row{"v4", "10.64.0.1:8080", "10.64.0.1", 8080},
                                           text_row{"v4_any", "0.0.0.0:0", "0.0.0.0", 0},
                                           text_row{"highest_port", "127.0.0.1:65535", "127.0.0.1", 65535},
                                           text_row{"v6", "[fd00:ff::2]:40000", "fd00:ff::2", 40000},
                                           text_row{"v6_loopback", "[::1]:80", "::1", 80},
                                           text_row{"v6_any", "[::]:80", "::", 80},
                                           text_row{"v4_mapped", "[::ffff:10.64.0.1]:80", "::ffff:10.64.0.1", 80}),
                         [](const auto& one) { return std::string(one.param.name); });

struct refusal {
    const char* name;
    const char* text;
};

class NotAnEndpoint : public ::testing::TestWithParam<refusal> {};

TEST_P(NotAnEndpoint, IsRefusedWithExamples) {
    const auto value = parse_endpoint(GetParam().text);
    ASSERT_FALSE(value) << to_text(*value);
    EXPECT_EQ(value.error().message,
              "'" + std::string(GetParam().text) +
                  "' is not an address and port: expected for example 127.0.0.1:8080 or [::1]:8080");
}

INSTANTIATE_TEST_SUITE_P(
    Names, NotAnEndpoint,
    ::testing::Values(refusal{"empty", ""}, refusal{"no_port", "127.0.0.1"}, refusal{"empty_port", "127.0.0.1:"},
                      refusal{"no_host", ":8080"}, refusal{"port_too_high", "127.0.0.1:65536"},
                      refusal{"negative_port", "127.0.0.1:-1"}, refusal{"port_in_words", "127.0.0.1:http"},
                      refusal{"text_behind_the_port", "127.0.0.1:80x"}, refusal{"space", "127.0.0.1: 80"},
                      refusal{"name", "localhost:80"}, refusal{"three_numbers", "127.0.1:80"},
                      refusal{"number_too_high", "127.0.0.256:80"}, refusal{"v6_without_brackets", "::1:80"},
                      refusal{"v4_in_brackets", "[127.0.0.1]:80"}, refusal{"empty_brackets", "[]:80"},
                      refusal{"bracket_left_open", "[::1:80"}, refusal{"v6_without_port", "[::1]"}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(WithoutMapping, GivesTheV4AddressOfADualStackServer) {
    EXPECT_EQ(without_mapping(at("[::ffff:10.64.0.1]:80")), at("10.64.0.1:80"));
}

TEST(WithoutMapping, LeavesEverythingElse) {
    for (const auto* text : {"10.64.0.1:80", "[fd00:ff::2]:80", "[::1]:80", "[::]:80"})
        EXPECT_EQ(without_mapping(at(text)), at(text));
}

TEST(FourTuple, IsEqualOnlyWhenBothEndsAre) {
    const four_tuple one{at("10.64.0.2:40000"), at("10.64.0.1:80")};
    EXPECT_EQ(one, (four_tuple{at("10.64.0.2:40000"), at("10.64.0.1:80")}));
    EXPECT_NE(one, (four_tuple{at("10.64.0.2:40001"), at("10.64.0.1:80")}));
    EXPECT_NE(one, (four_tuple{at("10.64.0.3:40000"), at("10.64.0.1:80")}));
    EXPECT_NE(one, (four_tuple{one.server, one.client}));
}

TEST(FourTuple, HashesTellPortsAddressesAndDirectionsApart) {
    std::unordered_set<std::size_t> hashes;
    std::size_t tuples = 0;
    const auto add = [&](const endpoint& client, const endpoint& server) {
        const four_tuple one{client, server};
        EXPECT_EQ(four_tuple_hash{}(one), four_tuple_hash{}(four_tuple(one)));
        hashes.insert(four_tuple_hash{}(one));
        ++tuples;
    };
    for (const auto* client : {"10.64.0.2:0", "10.64.0.3:0", "[fd00:ff::2]:0"})
        for (std::uint16_t port = 32768; port < 33768; ++port) {
            const endpoint from(at(client).address(), port);
            add(from, at("10.64.0.1:80"));
            add(at("10.64.0.1:80"), from);
        }
    EXPECT_EQ(hashes.size(), tuples);
}

}  // namespace
}  // namespace firstfin
