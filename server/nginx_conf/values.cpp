#include "server/nginx_conf/values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

namespace firstfin::nginx_conf {

namespace {

constexpr auto largest = std::numeric_limits<std::int64_t>::max();

constexpr bool is_digit(char ch) {
    return ch >= '0' && ch <= '9';
}
constexpr char lower(char ch) {
    return ch >= 'A' && ch <= 'Z' ? static_cast<char>(ch - 'A' + 'a') : ch;
}

std::optional<std::int64_t> parse_scaled(std::string_view text, std::string_view units) {
    if (text.empty()) return std::nullopt;
    std::int64_t scale = 1;
    if (const auto unit = units.find(lower(text.back())); unit != std::string_view::npos) {
        scale = std::int64_t{1024} << (10 * unit);  // "k" is the first unit
        text.remove_suffix(1);
    }
    const auto number = parse_number(text);
    if (!number || *number > largest / scale) return std::nullopt;
    return *number * scale;
}

struct time_unit {
    std::string_view name;
    std::int64_t seconds;  ///< 0: a millisecond
};
constexpr std::array<time_unit, 8> time_units{
    {{"y", 31'536'000}, {"M", 2'592'000}, {"w", 604'800}, {"d", 86'400}, {"h", 3'600}, {"m", 60}, {"s", 1}, {"ms", 0}}};
constexpr std::size_t unit_seconds = 6;
constexpr std::size_t unit_milliseconds = 7;

/// `per_second` is 1000 or 1. Units run from `first_unit` to `last_unit` of the table.
std::optional<std::int64_t> parse_time(std::string_view text, std::int64_t per_second, std::size_t first_unit,
                                       std::size_t last_unit) {
    std::int64_t total = 0;
    std::size_t next_unit = first_unit;
    bool bare_number_over = false;
    bool any_digit = false;
    const auto add = [&](std::int64_t number, std::int64_t scale) {
        if (number > largest / scale || total > largest - number * scale) return false;
        total += number * scale;
        return true;
    };
    for (std::size_t i = 0; i < text.size();) {
        std::int64_t number = 0;
        for (; i < text.size() && is_digit(text[i]); ++i) {
            any_digit = true;
            if (number > (largest - (text[i] - '0')) / 10) return std::nullopt;
            number = number * 10 + (text[i] - '0');
        }
        if (i == text.size()) {
            if (!add(number, per_second)) return std::nullopt;
            break;
        }
        if (text[i] == ' ') {
            // A number that ends in a blank counts as seconds, and stands where seconds may: once, and last but one.
            if (bare_number_over || next_unit > unit_seconds) return std::nullopt;
            bare_number_over = true;
            next_unit = time_units.size();
            if (!add(number, per_second)) return std::nullopt;
        } else {
            auto unit = next_unit;
            const auto here = text.substr(i);
            const auto name = here.substr(0, here.starts_with("ms") ? 2 : 1);
            while (unit <= last_unit && time_units[unit].name != name)
                ++unit;
            if (unit > last_unit) return std::nullopt;
            next_unit = unit + 1;
            i += name.size();
            if (!add(number, unit == unit_milliseconds ? 1 : time_units[unit].seconds * per_second))
                return std::nullopt;
        }
        while (i < text.size() && text[i] == ' ')
            ++i;
    }
    if (!any_digit) return std::nullopt;
    return total;
}

}  // namespace

std::optional<std::int64_t> parse_number(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::int64_t out = 0;
    for (const auto ch : text) {
        if (!is_digit(ch) || out > (largest - (ch - '0')) / 10) return std::nullopt;
        out = out * 10 + (ch - '0');
    }
    return out;
}

std::optional<std::int64_t> parse_size(std::string_view text) {
    return parse_scaled(text, "km");
}

std::optional<std::int64_t> parse_offset(std::string_view text) {
    return parse_scaled(text, "kmg");
}

std::optional<milliseconds> parse_milliseconds(std::string_view text) {
    const auto number = parse_time(text, 1000, 2, unit_milliseconds);
    return number ? std::optional(milliseconds(*number)) : std::nullopt;
}

std::optional<seconds> parse_seconds(std::string_view text) {
    const auto number = parse_time(text, 1, 0, unit_seconds);
    return number ? std::optional(seconds(*number)) : std::nullopt;
}

std::optional<bool> parse_flag(std::string_view text) {
    if (same_ignoring_case(text, "on")) return true;
    if (same_ignoring_case(text, "off")) return false;
    return std::nullopt;
}

bool same_ignoring_case(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, lower, lower);
}

std::string lower_case(std::string_view text) {
    std::string out(text);
    std::ranges::transform(out, out.begin(), lower);
    return out;
}

std::optional<parse_error> check_variables(std::string_view text) {
    const auto in_name = [](char ch) { return is_digit(ch) || (lower(ch) >= 'a' && lower(ch) <= 'z') || ch == '_'; };
    for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
        ++at;
        if (at < text.size() && text[at] >= '1' && text[at] <= '9') {
            ++at;
            continue;
        }
        const bool bracket = at < text.size() && text[at] == '{';
        if (bracket) ++at;
        if (at == text.size()) return parse_error("invalid variable name");
        const auto begin = at;
        while (at < text.size() && in_name(text[at]))
            ++at;
        const auto name = text.substr(begin, at - begin);
        if (bracket) {
            if (at == text.size() || text[at] != '}')
                return parse_error(fmt::format("the closing bracket in \"{}\" variable is missing", name));
            ++at;
        }
        if (name.empty()) return parse_error("invalid variable name");
    }
    return std::nullopt;
}

}  // namespace firstfin::nginx_conf
