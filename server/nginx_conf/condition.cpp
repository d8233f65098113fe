#include "server/nginx_conf/condition.hpp"

#include <fmt/format.h>

#include <array>

namespace firstfin::nginx_conf {

namespace {

struct operator_name {
    std::string_view text;
    condition_kind kind;
    bool negated;
};
constexpr std::array<operator_name, 6> comparisons{{{"=", condition_kind::equals, false},
                                                    {"!=", condition_kind::equals, true},
                                                    {"~", condition_kind::matches, false},
                                                    {"~*", condition_kind::matches_no_case, false},
                                                    {"!~", condition_kind::matches, true},
                                                    {"!~*", condition_kind::matches_no_case, true}}};
constexpr std::array<operator_name, 8> file_tests{{{"-f", condition_kind::is_file, false},
                                                   {"!-f", condition_kind::is_file, true},
                                                   {"-d", condition_kind::is_folder, false},
                                                   {"!-d", condition_kind::is_folder, true},
                                                   {"-e", condition_kind::exists, false},
                                                   {"!-e", condition_kind::exists, true},
                                                   {"-x", condition_kind::is_executable, false},
                                                   {"!-x", condition_kind::is_executable, true}}};

condition_error invalid(std::size_t argument, std::string_view text) {
    return {argument, fmt::format("invalid condition \"{}\"", text)};
}

}  // namespace

condition_reading read_condition(const directive& if_directive) {
    auto words = if_directive.arguments;
    std::size_t first = 0;
    std::size_t last = words.size() - 1;
    if (!words[first].text.starts_with('(')) return invalid(first, words[first].text);
    words[first].text.erase(0, 1);
    if (words[first].text.empty()) ++first;
    if (!words[last].text.ends_with(')')) return invalid(last, words[last].text);
    words[last].text.pop_back();
    // nginx looks at one word more here than there is when only "(" and ")" stand alone.
    if (words[last].text.empty() && last > 0) --last;
    if (first > last) return invalid(last, words[last].text);

    condition out;
    const auto& lead = words[first].text;
    if (lead.size() > 1 && lead[0] == '$') {
        if (first != last && first + 2 != last) return invalid(first, lead);
        out.variable = lead.substr(1);
        if (first == last) return out;
        const auto& name = words[first + 1].text;
        for (const auto& each : comparisons)
            if (each.text == name) {
                out.kind = each.kind;
                out.negated = each.negated;
                out.right = words[last];
                return out;
            }
        return condition_error{first + 1, fmt::format("unexpected \"{}\" in condition", name)};
    }
    const bool looks_like_test = (lead.size() == 2 && lead[0] == '-') || (lead.size() == 3 && lead.starts_with("!-"));
    if (!looks_like_test || first + 1 != last) return invalid(first, lead);
    for (const auto& each : file_tests)
        if (each.text == lead) {
            out.kind = each.kind;
            out.negated = each.negated;
            out.right = words[last];
            return out;
        }
    return invalid(first, lead);
}

}  // namespace firstfin::nginx_conf
