#include "core/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace firstfin {

namespace {

struct unit {
    std::string_view name;
    std::int64_t nanoseconds;
};
constexpr std::array units{unit{"ns", 1},
                           unit{"us", 1'000},
                           unit{"ms", 1'000'000},
                           unit{"s", 1'000'000'000},
                           unit{"m", 60'000'000'000},
                           unit{"h", 3'600'000'000'000}};

parse_error not_a_duration(std::string_view text) {
    return parse_error(fmt::format(
        "'{}' is not a duration: expected a number and a unit, such as \"65s\", \"300ms\" or \"2m\"", text));
}

}  // namespace

result<duration> parse_duration(std::string_view text) {
    if (text == "0") return duration::zero();
    const auto digits_end =
        std::find_if(text.begin(), text.end(), [](char c) { return !((c >= '0' && c <= '9') || c == '.'); });
    const auto number = std::string(text.begin(), digits_end);
    const auto suffix = std::string_view(text).substr(number.size());
    // More digits than these say nothing more, and could be more than a long double holds.
    constexpr std::size_t most_digits = 40;
    if (number.empty() || number.size() > most_digits || number.front() == '.' || number.back() == '.' ||
        std::ranges::count(number, '.') > 1)
        return not_a_duration(text);
    const auto found = std::ranges::find(units, suffix, &unit::name);
    if (found == units.end()) return not_a_duration(text);
    const long double exact = std::stold(number) * static_cast<long double>(found->nanoseconds);
    // A century is further than any timer goes, and far from where the arithmetic of limits would overflow.
    if (exact > 100.0L * 365 * 24 * 3600 * 1e9L)
        return parse_error(fmt::format("'{}' is too long: use \"never\" for no limit", text));
    return duration(static_cast<std::int64_t>(std::llround(exact)));
}

std::string to_text(duration value) {
    using namespace std::chrono_literals;
    if (value < 0ns) return "-" + to_text(-value);
    if (value == 0ns) return "0s";
    const bool short_one = value < 1s;
    const std::int64_t unit = short_one ? 1'000'000 : 1'000'000'000;
    auto text = std::to_string(value.count() / unit);
    // By whole numbers: a double would round, and print 7 ns as "7e-06ms".
    if (const auto rest = value.count() % unit; rest != 0) {
        text += fmt::format(".{:0{}}", rest, short_one ? 6 : 9);
        text.erase(text.find_last_not_of('0') + 1);
    }
    return text + (short_one ? "ms" : "s");
}

duration scaled(duration value, double factor) {
    return duration(std::llround(static_cast<double>(value.count()) * factor));
}

result<time_limit> parse_time_limit(std::string_view text) {
    if (text == "never") return time_limit::never();
    const auto value = parse_duration(text);
    if (!value) return parse_error(value.error().message + ", or \"never\"");
    return time_limit(*value);
}

std::string to_text(time_limit value) {
    return value.is_never() ? "never" : to_text(value.value());
}

duration time_window::at(double share) const {
    return earliest + scaled(latest - earliest, share);
}

result<time_window> parse_time_window(std::string_view text) {
    const auto dots = text.find("..");
    if (dots == std::string_view::npos)
        return parse_error(fmt::format("'{}' is not a window: expected two durations, such as \"115s..125s\"", text));
    const auto earliest = parse_duration(text.substr(0, dots));
    if (!earliest) return earliest.error();
    const auto latest = parse_duration(text.substr(dots + 2));
    if (!latest) return latest.error();
    if (*latest < *earliest)
        return parse_error(fmt::format("the window '{}' ends before it begins: write the earlier moment first", text));
    return time_window{*earliest, *latest};
}

std::string to_text(const time_window& value) {
    return to_text(value.earliest) + ".." + to_text(value.latest);
}

}  // namespace firstfin
