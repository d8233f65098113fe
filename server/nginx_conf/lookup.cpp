#include "server/nginx_conf/lookup.hpp"

#include <algorithm>

namespace firstfin::nginx_conf {

namespace {

bool passes_below(const location_settings& location) {
    return location.pass.has_value() && location.match.name.ends_with('/');
}

struct static_match {
    const location_settings* location = nullptr;
    bool exact = false;
    bool adds_slash = false;
};

// ngx_http_core_find_static_location without its tree.
static_match find_static(const std::vector<location_settings>& among, std::string_view uri) {
    static_match out;
    const location_settings* with_slash = nullptr;
    for (const auto& each : among) {
        if (!each.match.is_static()) continue;
        const std::string_view name = each.match.name;
        if (name.size() == uri.size() + 1 && name.starts_with(uri) && passes_below(each)) with_slash = &each;
        if (each.match.kind == match_kind::exact) {
            if (name == uri) return {&each, true, false};
        } else if (uri.starts_with(name) &&
                   (out.location == nullptr || name.size() > out.location->match.name.size())) {
            out.location = &each;
        }
    }
    // A location of exactly this name is nearer than one that would add a slash.
    if (with_slash != nullptr && (out.location == nullptr || out.location->match.name.size() != uri.size()))
        return {with_slash, false, true};
    return out;
}

/// The location below `level`, or null; `done` when nothing further may be tried.
struct search_result {
    const location_settings* location = nullptr;
    bool done = false;
    bool adds_slash = false;
};

// ngx_http_core_find_location: the patterns of a level are tried after its prefix's own nested locations.
search_result search(const location_settings& level, std::string_view uri) {
    const auto found = find_static(level.nested, uri);
    if (found.exact || found.adds_slash) return {found.location, true, found.adds_slash};
    search_result out{found.location, false, false};
    bool patterns_too = true;
    if (found.location != nullptr) {
        patterns_too = found.location->match.kind != match_kind::prefix_final;
        const auto inner = search(*found.location, uri);
        if (inner.location != nullptr) out = inner;
        if (inner.done) return out;
    }
    if (!patterns_too) return out;
    for (const auto& each : level.nested) {
        if (!each.match.is_pattern() || !each.pattern || !each.pattern->matches(uri)) continue;
        const auto inner = search(each, uri);
        return {inner.location != nullptr ? inner.location : &each, true, inner.adds_slash};
    }
    return out;
}

/// How well a wildcard fits: the length of its fixed part; 0 when it does not.
std::size_t fits_leading(std::string_view name, std::string_view host) {
    if (name.starts_with('*')) name.remove_prefix(1);
    if (!name.starts_with('.') || name.size() < 2) return 0;
    return host.size() > name.size() && host.ends_with(name) ? name.size() : 0;
}

std::size_t fits_trailing(std::string_view name, std::string_view host) {
    if (!name.ends_with(".*") || name.size() < 3) return 0;
    name.remove_suffix(1);
    return host.size() > name.size() && host.starts_with(name) ? name.size() : 0;
}

bool is_exactly(std::string_view name, std::string_view host) {
    return name == host || (name.size() > 1 && name.starts_with('.') && name.substr(1) == host);
}

}  // namespace

std::string normal_host(std::string_view host) {
    if (host.starts_with('[')) {
        host = host.substr(0, host.find(']') == std::string_view::npos ? host.size() : host.find(']') + 1);
    } else {
        host = host.substr(0, host.find(':'));
    }
    if (host.ends_with('.')) host.remove_suffix(1);
    return lower_case(host);
}

const server_settings& choose_server(const http_settings& all, const listen_socket& at, std::string_view host) {
    const auto name = normal_host(host);
    // The first server that has the best fit: nginx ignores later ones of the same name.
    const auto best = [&](auto fit) {
        const server_settings* out = nullptr;
        std::size_t best_fit = 0;
        for (const auto index : at.servers)
            for (const auto& each : all.servers[index].names)
                if (const std::size_t length = each.pattern ? 0 : fit(each.text, name); length > best_fit) {
                    best_fit = length;
                    out = &all.servers[index];
                }
        return out;
    };
    if (const auto* found = best(
            [](std::string_view text, std::string_view asked) { return is_exactly(text, asked) ? std::size_t{1} : 0; }))
        return *found;
    if (!name.empty()) {
        if (const auto* found = best(fits_leading)) return *found;
        if (const auto* found = best(fits_trailing)) return *found;
        for (const auto index : at.servers)
            for (const auto& each : all.servers[index].names)
                if (each.pattern && each.pattern->matches(name)) return all.servers[index];
    }
    return all.servers[at.default_server];
}

found_location find_location(const server_settings& server, std::string_view uri) {
    const auto found = search(server.level, uri);
    return {found.location != nullptr ? found.location : &server.level, found.adds_slash};
}

const location_settings* find_named_location(const server_settings& server, std::string_view name) {
    for (const auto& each : server.level.nested)
        if (each.match.kind == match_kind::named && each.match.name == name) return &each;
    return nullptr;
}

}  // namespace firstfin::nginx_conf
