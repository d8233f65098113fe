#include "server/nginx/answers/location_finder.hpp"

#include <algorithm>

#include "server/nginx/answers/served.hpp"

namespace firstfin::nginx {

void location_finder::add(const nginx_conf::location_settings& settings, const served_location& served) {
    const auto& match = settings.match;
    if (match.is_pattern()) {
        if (settings.pattern) patterns_.push_back({&*settings.pattern, &served});
        return;
    }
    if (!match.is_static()) return;
    const std::string_view name = match.name;
    if (settings.pass && name.ends_with('/')) passing_.push_back({name.substr(0, name.size() - 1), &served});
    auto known = std::ranges::find(names_, name, &entry::name);
    if (known == names_.end()) {
        names_.push_back({name});
        known = names_.end() - 1;
    }
    if (match.kind == nginx_conf::match_kind::exact) {
        if (known->exact == nullptr) known->exact = &served;
    } else if (known->prefix == nullptr) {
        known->prefix = &served;
        known->final = match.kind == nginx_conf::match_kind::prefix_final;
    }
}

void location_finder::order() {
    std::ranges::sort(names_, {}, &entry::name);
    std::ranges::stable_sort(passing_, {}, &passing::name);
    for (std::size_t i = 1; i < names_.size(); ++i) {
        auto outer = static_cast<std::int32_t>(i) - 1;
        while (outer >= 0 && !names_[i].name.starts_with(names_[static_cast<std::size_t>(outer)].name))
            outer = names_[static_cast<std::size_t>(outer)].outer;
        names_[i].outer = outer;
    }
}

const served_location* location_finder::slash_added(std::string_view uri) const {
    if (passing_.empty()) return nullptr;
    const auto at = std::ranges::lower_bound(passing_, uri, {}, &passing::name);
    return at != passing_.end() && at->name == uri ? at->location : nullptr;
}

location_finder::result location_finder::search(std::string_view uri) const {
    // The last name not behind the URI: everything the URI begins with is that name or one of its outer ones.
    auto at = static_cast<std::int32_t>(std::ranges::upper_bound(names_, uri, {}, &entry::name) - names_.begin()) - 1;
    if (at >= 0 && names_[static_cast<std::size_t>(at)].name == uri)
        if (const auto& same = names_[static_cast<std::size_t>(at)]; same.exact != nullptr)
            return {same.exact, true, false};
    const entry* best = nullptr;
    for (; at >= 0; at = names_[static_cast<std::size_t>(at)].outer) {
        const auto& each = names_[static_cast<std::size_t>(at)];
        if (each.prefix == nullptr || !uri.starts_with(each.name)) continue;
        best = &each;
        break;
    }
    if (best == nullptr || best->name.size() != uri.size())
        if (const auto* adding = slash_added(uri)) return {adding, true, true};
    result out{best != nullptr ? best->prefix : nullptr, false, false};
    if (best != nullptr) {
        const auto inner = best->prefix->below.search(uri);
        if (inner.location != nullptr) out = inner;
        if (inner.done || best->final) return out;
    }
    for (const auto& each : patterns_) {
        if (!each.expression->matches(uri)) continue;
        const auto inner = each.location->below.search(uri);
        return {inner.location != nullptr ? inner.location : each.location, true, inner.adds_slash};
    }
    return out;
}

location_finder::found location_finder::find(std::string_view uri) const {
    const auto out = search(uri);
    return {out.location, out.adds_slash};
}

}  // namespace firstfin::nginx
