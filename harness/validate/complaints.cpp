#include <algorithm>

#include "harness/validate/rule.hpp"

namespace firstfin::validate {

namespace {

void add_new(std::vector<std::string>& into, std::vector<std::string>& from) {
    for (auto& one : from)
        if (std::ranges::find(into, one) == into.end()) into.push_back(std::move(one));
}

}  // namespace

void complaints::found(finding one) {
    const place_key key(one.rule, one.level, one.where.file, one.where.line, one.where.column);
    const auto [at, is_new] = places_.try_emplace(key, findings_.size());
    if (is_new) {
        findings_.push_back(std::move(one));
        return;
    }
    auto& known = findings_[at->second];
    add_new(known.hops, one.hops);
    add_new(known.peers, one.peers);
}

void complaints::needs(std::string_view rule, std::string_view option) {
    const bool known =
        std::ranges::any_of(lacking_, [&](const unjudged& one) { return one.rule == rule && one.needs == option; });
    if (!known) lacking_.push_back({std::string(rule), std::string(option)});
}

const rule* find_rule(std::string_view id) {
    const auto all = all_rules();
    const auto found = std::ranges::find(all, id, &rule::id);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace firstfin::validate
