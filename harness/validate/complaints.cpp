#include <algorithm>

#include "harness/validate/rule.hpp"

namespace firstfin::validate {

void complaints::needs(std::string_view rule, std::string_view option) {
    const bool known =
        std::ranges::any_of(lacking_, [&](const not_judged& one) { return one.rule == rule && one.needs == option; });
    if (!known) lacking_.push_back({std::string(rule), std::string(option)});
}

const rule* find_rule(std::string_view id) {
    const auto all = all_rules();
    const auto found = std::ranges::find(all, id, &rule::id);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace firstfin::validate
