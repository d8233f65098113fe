#include "server/nginx_conf/location_match.hpp"

#include <fmt/format.h>

#include <array>

namespace firstfin::nginx_conf {

namespace {

struct modifier {
    std::string_view text;
    match_kind kind;
};
// "~*" before "~", which it begins with.
constexpr std::array<modifier, 4> modifiers{{{"=", match_kind::exact},
                                             {"^~", match_kind::prefix_final},
                                             {"~*", match_kind::pattern_no_case},
                                             {"~", match_kind::pattern}}};

}  // namespace

result<location_match> read_location_match(const directive& location) {
    const auto& first = location.arguments.front().text;
    if (location.arguments.size() == 2) {
        for (const auto& each : modifiers)
            if (each.text == first) return location_match{each.kind, location.arguments[1].text};
        return parse_error(fmt::format("invalid location modifier \"{}\"", first));
    }
    for (const auto& each : modifiers)
        if (first.starts_with(each.text)) return location_match{each.kind, first.substr(each.text.size())};
    return location_match{first.starts_with('@') ? match_kind::named : match_kind::prefix, first};
}

}  // namespace firstfin::nginx_conf
