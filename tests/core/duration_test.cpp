#include "core/duration.hpp"

#include <gtest/gtest.h>

#include <random>

namespace firstfin {
namespace {

using namespace std::chrono_literals;

constexpr auto century = std::chrono::hours(100 * 365 * 24);

struct text_row {
    const char* name;
    const char* text;
    duration value;
    const char* canonical;
};

class DurationText : public ::testing::TestWithParam<text_row> {};

TEST_P(DurationText, IsReadAndPrintedCanonically) {
    const auto& row = GetParam();
    const auto value = parse_duration(row.text);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(value->count(), row.value.count());
    EXPECT_EQ(to_text(*value), row.canonical);
    EXPECT_EQ(parse_duration(row.canonical).value(), row.value);
}

INSTANTIATE_TEST_SUITE_P(
    Names, DurationText,
    ::testing::Values(
        text_row{"bare_zero", "0", 0s, "0s"}, text_row{"zero_with_unit", "0ms", 0s, "0s"},
        text_row{"nanoseconds", "7ns", 7ns, "0.000007ms"}, text_row{"microseconds", "250us", 250us, "0.25ms"},
        text_row{"milliseconds", "300ms", 300ms, "300ms"}, text_row{"seconds", "65s", 65s, "65s"},
        text_row{"minutes", "2m", 120s, "120s"}, text_row{"hours", "1h", 3600s, "3600s"},
        text_row{"decimal_seconds", "1.5s", 1500ms, "1.5s"}, text_row{"decimal_minutes", "0.5m", 30s, "30s"},
        text_row{"no_binary_rounding", "0.1s", 100ms, "100ms"}, text_row{"trailing_zeros", "65.000s", 65s, "65s"},
        text_row{"leading_zeros", "007s", 7s, "7s"},
        text_row{"just_below_a_second", "999.999999ms", 999999999ns, "999.999999ms"},
        text_row{"thousand_milliseconds", "1000ms", 1s, "1s"},
        text_row{"just_above_a_second", "1000000001ns", 1000000001ns, "1.000000001s"},
        text_row{"rounded_to_nanoseconds", "1.6ns", 2ns, "0.000002ms"},
        text_row{"a_century", "876000h", century, "3153600000s"},
        text_row{"exact_near_a_century", "3153599999.999999999s", century - 1ns, "3153599999.999999999s"}),
    [](const auto& one) { return std::string(one.param.name); });

// A skew is a duration too.
TEST(NegativeDuration, IsPrintedAsItsMagnitude) {
    EXPECT_EQ(to_text(duration(-50ms)), "-50ms");
    EXPECT_EQ(to_text(duration(-1500ms)), "-1.5s");
}

TEST(DurationRoundTrip, GivesTheSameNanosecondsBack) {
    std::vector<std::int64_t> samples;
    for (std::int64_t power = 1; power <= duration(century).count() / 10; power *= 10)
        for (const auto step : {-1, 0, 1})
            samples.push_back(power + step);
    std::mt19937_64 random(1);
    std::uniform_real_distribution<double> magnitude(0, std::log(static_cast<double>(duration(century).count())));
    while (samples.size() < 20'000)
        samples.push_back(static_cast<std::int64_t>(std::exp(magnitude(random))));
    for (const auto nanoseconds : samples) {
        const auto text = to_text(duration(nanoseconds));
        const auto back = parse_duration(text);
        ASSERT_TRUE(back) << back.error().message;
        ASSERT_EQ(back->count(), nanoseconds) << text;
        ASSERT_EQ(to_text(*back), text);
    }
}

struct refusal {
    const char* name;
    std::string text;
    const char* says = "expected a number and a unit";
};

class NotADuration : public ::testing::TestWithParam<refusal> {};

TEST_P(NotADuration, IsRefusedWithTheTextAndWhatIsExpected) {
    const auto value = parse_duration(GetParam().text);
    ASSERT_FALSE(value) << to_text(*value);
    EXPECT_NE(value.error().message.find("'" + GetParam().text + "'"), std::string::npos) << value.error().message;
    EXPECT_NE(value.error().message.find(GetParam().says), std::string::npos) << value.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Names, NotADuration,
    ::testing::Values(refusal{"empty", ""}, refusal{"no_unit", "65"}, refusal{"no_number", "s"},
                      refusal{"unknown_unit", "65d"}, refusal{"unit_in_words", "65 seconds"},
                      refusal{"capital_unit", "65S"}, refusal{"negative", "-5s"}, refusal{"plus_sign", "+5s"},
                      refusal{"two_dots", "1.2.3s"}, refusal{"leading_dot", ".5s"}, refusal{"trailing_dot", "5.s"},
                      refusal{"dot_alone", ".s"}, refusal{"space_inside", "5 s"}, refusal{"space_before", " 5s"},
                      refusal{"space_behind", "5s "}, refusal{"comma", "1,5s"}, refusal{"exponent", "1e3s"},
                      refusal{"hexadecimal", "0x10s"}, refusal{"two_units", "1m30s"}, refusal{"never", "never"},
                      refusal{"more_than_a_century", "876001h", "use \"never\" for no limit"},
                      refusal{"more_than_64_bits", "99999999999999999999s", "use \"never\" for no limit"},
                      refusal{"more_than_a_long_double", std::string(6000, '9') + "s", ""},
                      refusal{"less_than_a_long_double", "0." + std::string(6000, '0') + "1s", ""}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(TimeLimit, MayBeNever) {
    EXPECT_TRUE(parse_time_limit("never")->is_never());
    EXPECT_EQ(to_text(time_limit::never()), "never");
    EXPECT_EQ(parse_time_limit("65s")->value(), 65s);
    EXPECT_EQ(to_text(time_limit(65s)), "65s");
    EXPECT_TRUE(parse_time_limit("0")->is_zero());
    EXPECT_FALSE(time_limit(century).is_never());
    EXPECT_NE(parse_time_limit("Never").error().message.find("or \"never\""), std::string::npos);
}

TEST(TimeLimit, NeverSortsLastAndDoesNotScale) {
    EXPECT_LT(time_limit(century), time_limit::never());
    EXPECT_EQ(time_limit::never().scaled_by(0.01), time_limit::never());
    EXPECT_EQ(time_limit(65s).scaled_by(0.01), time_limit(650ms));
    EXPECT_EQ(time_limit(0s).scaled_by(1000), time_limit(0s));
}

struct window_row {
    const char* name;
    const char* text;
    time_window value;
    const char* canonical;
};

class WindowText : public ::testing::TestWithParam<window_row> {};

TEST_P(WindowText, IsReadAndPrintedCanonically) {
    const auto& row = GetParam();
    const auto value = parse_time_window(row.text);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(*value, row.value);
    EXPECT_EQ(to_text(*value), row.canonical);
    EXPECT_EQ(parse_time_window(row.canonical).value(), row.value);
}

INSTANTIATE_TEST_SUITE_P(Names, WindowText,
                         ::testing::Values(window_row{"firefox", "115s..125s", {115s, 125s}, "115s..125s"},
                                           window_row{"two_units", "500ms..2m", {500ms, 120s}, "500ms..120s"},
                                           window_row{"decimals", "1.5s..2.5s", {1500ms, 2500ms}, "1.5s..2.5s"},
                                           window_row{"from_zero", "0..5s", {0s, 5s}, "0s..5s"},
                                           window_row{"one_moment", "5s..5s", {5s, 5s}, "5s..5s"}),
                         [](const auto& one) { return std::string(one.param.name); });

class NotAWindow : public ::testing::TestWithParam<refusal> {};

TEST_P(NotAWindow, IsRefused) {
    const auto value = parse_time_window(GetParam().text);
    ASSERT_FALSE(value) << to_text(*value);
    EXPECT_NE(value.error().message.find(GetParam().says), std::string::npos) << value.error().message;
}

INSTANTIATE_TEST_SUITE_P(Names, NotAWindow,
                         ::testing::Values(refusal{"empty", "", "expected two durations"},
                                           refusal{"one_duration", "115s", "expected two durations"},
                                           refusal{"hyphen", "115s-125s", "expected two durations"},
                                           refusal{"backwards", "125s..115s", "ends before it begins"},
                                           refusal{"no_beginning", "..125s", "'' is not a duration"},
                                           refusal{"no_end", "115s..", "'' is not a duration"},
                                           refusal{"three_dots", "115s...125s", "'.125s' is not a duration"},
                                           refusal{"three_durations", "1s..2s..3s", "'2s..3s' is not a duration"},
                                           refusal{"never", "115s..never", "'never' is not a duration"},
                                           refusal{"no_unit", "115..125s", "'115' is not a duration"}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(TimeWindow, GivesTheMomentAtAShare) {
    const time_window window{115s, 125s};
    EXPECT_EQ(window.at(0), 115s);
    EXPECT_EQ(window.at(0.25), 117500ms);
    EXPECT_EQ(window.at(1), 125s);
    EXPECT_EQ((time_window{5s, 5s}.at(0.7)), 5s);
}

TEST(TimeWindow, MovesAsAWholeButNotBeforeTheBeginning) {
    const time_window window{115s, 125s};
    EXPECT_EQ(window.shifted(-105s), (time_window{10s, 20s}));
    EXPECT_EQ(window.shifted(5s), (time_window{120s, 130s}));
    EXPECT_EQ(window.shifted(-120s), (time_window{0s, 5s}));
    EXPECT_EQ(window.shifted(-130s), (time_window{0s, 0s}));
}

}  // namespace
}  // namespace firstfin
