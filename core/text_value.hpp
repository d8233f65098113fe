#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/duration.hpp"

// How the values of a policy or scenario are written in TOML, on the command line, in the role protocol and in results:
// one text form each, so that a setting looks the same wherever a person meets it.

namespace firstfin {

/// "3" or "unlimited".
struct count_limit {
    std::uint32_t value = 0;  ///< 0: unlimited

    [[nodiscard]] static constexpr count_limit unlimited() { return {}; }
    [[nodiscard]] constexpr bool is_unlimited() const { return value == 0; }
    /// True when `count` has come up to the limit.
    [[nodiscard]] constexpr bool reached_by(std::uint32_t count) const { return value != 0 && count >= value; }
    friend bool operator==(count_limit, count_limit) = default;
};

template <class Enum>
struct enum_name {
    Enum value;
    std::string_view name;
};

/// Specialised beside each enumeration that appears in files: an array of enum_name.
template <class Enum>
constexpr int names_of = 0;

template <class Enum>
concept named_enum = !std::is_same_v<decltype(names_of<Enum>), const int>;

template <named_enum Enum>
[[nodiscard]] constexpr std::string_view to_text(Enum value) {
    for (const auto& entry : names_of<Enum>)
        if (entry.value == value) return entry.name;
    return "?";
}

namespace detail {
[[nodiscard]] parse_error not_one_of(std::string_view text, std::span<const std::string_view> names);
}

template <named_enum Enum>
[[nodiscard]] result<Enum> parse_enum(std::string_view text) {
    std::array<std::string_view, names_of<Enum>.size()> names{};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names_of<Enum>[i].name == text) return names_of<Enum>[i].value;
        names[i] = names_of<Enum>[i].name;
    }
    return detail::not_one_of(text, names);
}

[[nodiscard]] std::string to_text(count_limit value);
[[nodiscard]] result<count_limit> parse_count_limit(std::string_view text);
[[nodiscard]] result<std::uint32_t> parse_whole_number(std::string_view text);

// read_value: text to value, the overload chosen by the type of the setting. Each leaves `value` alone on failure.
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, duration& value);
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, time_limit& value);
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, std::optional<time_window>& value);
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, count_limit& value);
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, std::uint32_t& value);
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, std::string& value);
template <named_enum Enum>
[[nodiscard]] std::optional<parse_error> read_value(std::string_view text, Enum& value) {
    const auto parsed = parse_enum<Enum>(text);
    if (!parsed) return parsed.error();
    value = *parsed;
    return std::nullopt;
}

[[nodiscard]] inline std::string write_value(duration value) {
    return to_text(value);
}
[[nodiscard]] inline std::string write_value(time_limit value) {
    return to_text(value);
}
[[nodiscard]] std::string write_value(const std::optional<time_window>& value);
[[nodiscard]] inline std::string write_value(count_limit value) {
    return to_text(value);
}
[[nodiscard]] std::string write_value(std::uint32_t value);
[[nodiscard]] inline std::string write_value(const std::string& value) {
    return value;
}
template <named_enum Enum>
[[nodiscard]] std::string write_value(Enum value) {
    return std::string(to_text(value));
}

/// One setting of a `Settings` struct: its name in files, what it means, and how to read and write it.
template <class Settings>
struct field {
    std::string_view name;
    std::string_view meaning;
    std::optional<parse_error> (*read)(Settings&, std::string_view);
    std::string (*write)(const Settings&);
};

template <auto Member, class Settings>
[[nodiscard]] constexpr field<Settings> make_field(std::string_view name, std::string_view meaning) {
    return {name, meaning, [](Settings& into, std::string_view text) { return read_value(text, into.*Member); },
            [](const Settings& from) { return write_value(from.*Member); }};
}

/// The name in `known` nearest to `text`, for "did you mean"; empty when none is near.
[[nodiscard]] std::string_view nearest_name(std::string_view text, std::span<const std::string_view> known);

}  // namespace firstfin
