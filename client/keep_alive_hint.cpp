#include "client/keep_alive_hint.hpp"

#include <boost/algorithm/string/predicate.hpp>
#include <charconv>

namespace firstfin::client {

namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\"");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\"") - first + 1);
}

}  // namespace

duration keep_alive_hint(std::string_view field_value) {
    // A hint beyond a year is as good as none, and would leave the range of durations.
    constexpr std::uint64_t longest = 365U * 24 * 3600;
    while (!field_value.empty()) {
        const auto comma = field_value.find(',');
        const auto parameter = field_value.substr(0, comma);
        field_value = comma == std::string_view::npos ? std::string_view{} : field_value.substr(comma + 1);
        const auto equals = parameter.find('=');
        if (equals == std::string_view::npos ||
            !boost::algorithm::iequals(trimmed(parameter.substr(0, equals)), "timeout"))
            continue;
        const auto digits = trimmed(parameter.substr(equals + 1));
        std::uint64_t seconds = 0;
        const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), seconds);
        if (failed != std::errc{} || end != digits.data() + digits.size() || seconds > longest) return {};
        return std::chrono::seconds(seconds);
    }
    return {};
}

}  // namespace firstfin::client
