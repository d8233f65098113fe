#include <fmt/format.h>

#include <algorithm>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"
#include "server/nginx_conf/lookup.hpp"

namespace firstfin::validate {

namespace {

using nginx_conf::location_settings;

/// The location that an internal redirect to `uri` comes to; null where variables decide.
const location_settings* reached_by(const nginx_conf::server_settings& server, const std::string& uri) {
    if (uri.starts_with('@')) return nginx_conf::find_named_location(server, uri);
    const auto path = uri.substr(0, uri.find('?'));
    if (!path.starts_with('/') || nginx_conf::has_variables(path)) return nullptr;
    return nginx_conf::find_location(server, path).location;
}

bool any_redirect_reaches(const nginx_conf::server_settings& server, const location_settings& from,
                          const location_settings& wanted) {
    if (from.try_files && !from.try_files->value.empty() && reached_by(server, from.try_files->value.back()) == &wanted)
        return true;
    for (const auto& page : from.values.error_pages.value)
        if (reached_by(server, page.uri) == &wanted) return true;
    return std::ranges::any_of(from.nested, [&](const auto& one) { return any_redirect_reaches(server, one, wanted); });
}

/// Files are served from it, so a request for a folder is redirected to its index.
bool serves_files(const location_settings& of) {
    return !of.pass && !of.returns && of.match.kind != nginx_conf::match_kind::exact &&
           of.match.kind != nginx_conf::match_kind::named;
}

void look_at(const nginx_conf::server_settings& server, const location_settings& from, const facts& about,
             complaints& into) {
    for (const auto& one : from.nested) {
        const auto& timeout = one.values.keepalive_timeout;
        const bool own = timeout.value.count() > 0 && timeout.where != server.level.values.keepalive_timeout.where;
        const bool reached = one.match.kind != nginx_conf::match_kind::named &&
                             (serves_files(one) || any_redirect_reaches(server, server.level, one));
        if (own && reached)
            into.found(
                {.rule = "zero-at-server-level",
                 .level = severity::warning,
                 .where = timeout.where,
                 .text = fmt::format(
                     "requests that come here by an internal redirect (index, try_files, error_page) close at once, "
                     "not after {}: they passed the server's level first, where keepalive_timeout is 0 ({})",
                     to_text(time_limit(timeout.value)),
                     nginx_conf::origin_in_words(server.level.values.keepalive_timeout.where, about.read.files)),
                 .advice = "keep-alive on in the server, and 0 in the locations that want it off"});
        look_at(server, one, about, into);
    }
}

void look(const facts& about, complaints& into) {
    for (const auto& server : about.all.servers)
        if (server.level.values.keepalive_timeout.value.count() == 0 && !server.level.returns)
            look_at(server, server.level, about, into);
}

}  // namespace

rule zero_at_server_level() {
    return {
        .id = "zero-at-server-level",
        .title = "a zero in the server undoes a location's keep-alive",
        .highest = severity::warning,
        .why =
            "nginx decides about keep-alive at every configuration a request passes, and a later one cannot switch it "
            "on again. An internal redirect (index, the last word of try_files, error_page) goes through the server's "
            "own level with its values before it finds the next location. With keepalive_timeout 0 there the response "
            "says close, whatever the location that serves it says.",
        .mend = "the zero belongs into the locations that want it",
        .source = "ngx_http_update_location_config, ngx_http_internal_redirect; cases 14 and 15",
        .look = look};
}

}  // namespace firstfin::validate
