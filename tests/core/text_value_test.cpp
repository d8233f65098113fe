#include "core/text_value.hpp"

#include <gtest/gtest.h>

#include "core/client_policy.hpp"
#include "core/scenario.hpp"
#include "core/tcp_state.hpp"

namespace firstfin {
namespace {

TEST(CountLimit, IsANumberOrUnlimited) {
    EXPECT_EQ(parse_count_limit("3").value(), count_limit{3});
    EXPECT_EQ(parse_count_limit("4294967295").value(), count_limit{4294967295U});
    EXPECT_EQ(parse_count_limit("unlimited").value(), count_limit::unlimited());
    EXPECT_EQ(to_text(count_limit{3}), "3");
    EXPECT_EQ(to_text(count_limit::unlimited()), "unlimited");
}

TEST(CountLimit, IsReachedByAsManyAndMore) {
    EXPECT_FALSE(count_limit{2}.reached_by(1));
    EXPECT_TRUE(count_limit{2}.reached_by(2));
    EXPECT_TRUE(count_limit{2}.reached_by(3));
    EXPECT_FALSE(count_limit::unlimited().reached_by(0));
    EXPECT_FALSE(count_limit::unlimited().reached_by(4294967295U));
}

struct refusal {
    const char* name;
    const char* text;
};

class NotACount : public ::testing::TestWithParam<refusal> {};

TEST_P(NotACount, IsRefusedWithTheText) {
    const auto quoted = "'" + std::string(GetParam().text) + "'";
    const auto limit = parse_count_limit(GetParam().text);
    ASSERT_FALSE(limit);
    EXPECT_NE(limit.error().message.find(quoted + " is not a limit: expected 1 or more, or \"unlimited\""),
              std::string::npos)
        << limit.error().message;
    if (GetParam().text == std::string_view("0")) return;  // a count, and no limit
    const auto number = parse_whole_number(GetParam().text);
    ASSERT_FALSE(number);
    EXPECT_NE(number.error().message.find(quoted), std::string::npos) << number.error().message;
}

INSTANTIATE_TEST_SUITE_P(Names, NotACount,
                         ::testing::Values(refusal{"zero", "0"}, refusal{"empty", ""}, refusal{"negative", "-1"},
                                           refusal{"plus_sign", "+1"}, refusal{"decimal", "1.5"},
                                           refusal{"more_than_32_bits", "4294967296"}, refusal{"hexadecimal", "0x10"},
                                           refusal{"space_before", " 1"}, refusal{"space_behind", "1 "},
                                           refusal{"word", "many"}, refusal{"capitals", "Unlimited"}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(NamedEnum, IsReadByItsName) {
    EXPECT_EQ(parse_enum<close_mode>("lazy").value(), close_mode::lazy);
    EXPECT_EQ(to_text(close_mode::lazy), "lazy");
    EXPECT_EQ(parse_enum<scenario_kind>("half-close").value(), scenario_kind::half_close);
}

TEST(NamedEnum, ListsItsNamesToWhoeverGuessed) {
    EXPECT_EQ(parse_enum<close_mode>("lasy").error().message,
              "'lasy' is not known here: expected one of timer, lazy, never");
    EXPECT_FALSE(parse_enum<close_mode>(""));
    EXPECT_FALSE(parse_enum<close_mode>("Lazy"));
}

TEST(NamedEnum, LeavesTheValueAloneOnFailure) {
    auto mode = close_mode::never;
    EXPECT_TRUE(read_value("sometimes", mode));
    EXPECT_EQ(mode, close_mode::never);
    EXPECT_FALSE(read_value("timer", mode));
    EXPECT_EQ(mode, close_mode::timer);
}

TEST(NamedEnum, WithoutANamePrintsAQuestionMark) {
    EXPECT_EQ(to_text(static_cast<close_mode>(77)), "?");
}

TEST(OptionalWindow, IsAWindowOrNone) {
    using namespace std::chrono_literals;
    std::optional<time_window> value = time_window{1s, 2s};
    EXPECT_TRUE(read_value("2s..1s", value));
    EXPECT_EQ(value, (time_window{1s, 2s})) << "left alone on failure";
    EXPECT_FALSE(read_value("none", value));
    EXPECT_FALSE(value);
    EXPECT_EQ(write_value(value), "none");
    EXPECT_FALSE(read_value("3s..4s", value));
    EXPECT_EQ(write_value(value), "3s..4s");
}

TEST(TcpState, IsReadByItsName) {
    for (std::size_t number = 1; number < tcp_state_count; ++number) {
        const auto state = static_cast<tcp_state>(number);
        EXPECT_EQ(tcp_state_from_text(to_text(state)), state) << to_text(state);
    }
    EXPECT_EQ(tcp_state_from_text("NONE"), std::nullopt);
    EXPECT_EQ(tcp_state_from_text("time_wait"), std::nullopt);
    EXPECT_EQ(to_text(static_cast<tcp_state>(99)), "UNKNOWN");
}

struct nearest_row {
    const char* name;
    const char* text;
    const char* expected;
};

class NearestName : public ::testing::TestWithParam<nearest_row> {};

TEST_P(NearestName, IsSuggestedWhenItIsNear) {
    static constexpr std::array<std::string_view, 5> known{"keepalive_timeout", "keepalive_time", "nginx", "idle",
                                                           "fin"};
    EXPECT_EQ(nearest_name(GetParam().text, known), GetParam().expected);
}

INSTANTIATE_TEST_SUITE_P(
    Names, NearestName,
    ::testing::Values(nearest_row{"exact", "nginx", "nginx"}, nearest_row{"letter_missing", "ngnx", "nginx"},
                      nearest_row{"letter_too_many", "ngiinx", "nginx"},
                      nearest_row{"letters_swapped", "nignx", "nginx"},
                      nearest_row{"nearer_of_two", "keepalive_timeou", "keepalive_timeout"},
                      nearest_row{"longer_names_forgive_more", "keep_alive_time_out", "keepalive_timeout"},
                      nearest_row{"other_word", "apache", ""}, nearest_row{"empty", "", ""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(NearestNameOfNothing, IsEmpty) {
    EXPECT_EQ(nearest_name("nginx", {}), "");
}

}  // namespace
}  // namespace firstfin
