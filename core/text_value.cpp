#include "core/text_value.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <numeric>
#include <vector>

namespace firstfin {

namespace {

template <class Value>
std::optional<parse_error> store(const result<Value>& parsed, auto& into) {
    if (!parsed) return parsed.error();
    into = *parsed;
    return std::nullopt;
}

std::size_t edit_distance(std::string_view left, std::string_view right) {
    std::vector<std::size_t> row(right.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= left.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const auto replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row.back();
}

}  // namespace

parse_error detail::not_one_of(std::string_view text, std::span<const std::string_view> names) {
    return parse_error(fmt::format("'{}' is not known here: expected one of {}", text, fmt::join(names, ", ")));
}

std::string to_text(count_limit value) {
    return value.is_unlimited() ? "unlimited" : std::to_string(value.value);
}

result<std::uint32_t> parse_whole_number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size())
        return parse_error(fmt::format("'{}' is not a whole number between 0 and 4294967295", text));
    return value;
}

result<count_limit> parse_count_limit(std::string_view text) {
    if (text == "unlimited") return count_limit::unlimited();
    const auto value = parse_whole_number(text);
    if (!value || *value == 0)
        return parse_error(fmt::format("'{}' is not a limit: expected 1 or more, or \"unlimited\"", text));
    return count_limit{*value};
}

std::optional<parse_error> read_value(std::string_view text, duration& value) {
    return store(parse_duration(text), value);
}
std::optional<parse_error> read_value(std::string_view text, time_limit& value) {
    return store(parse_time_limit(text), value);
}
std::optional<parse_error> read_value(std::string_view text, count_limit& value) {
    return store(parse_count_limit(text), value);
}
std::optional<parse_error> read_value(std::string_view text, std::uint32_t& value) {
    return store(parse_whole_number(text), value);
}

std::optional<parse_error> read_value(std::string_view text, std::optional<time_window>& value) {
    if (text == "none") {
        value.reset();
        return std::nullopt;
    }
    return store(parse_time_window(text), value);
}

std::optional<parse_error> read_value(std::string_view text, std::string& value) {
    value = text;
    return std::nullopt;
}

std::string write_value(const std::optional<time_window>& value) {
    return value ? to_text(*value) : "none";
}
std::string write_value(std::uint32_t value) {
    return std::to_string(value);
}

std::string_view nearest_name(std::string_view text, std::span<const std::string_view> known) {
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, text.size() / 3) + 1;
    for (const auto name : known) {
        const auto distance = edit_distance(text, name);
        if (distance < best_distance) {
            best = name;
            best_distance = distance;
        }
    }
    return best;
}

}  // namespace firstfin
