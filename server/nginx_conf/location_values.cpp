#include <algorithm>
#include <array>

#include "server/nginx_conf/merging.hpp"

namespace firstfin::nginx_conf {

namespace {

using values = location_values;
using reader = void (*)(values&, const directive&, level&);

template <auto Member>
void flag(values& into, const directive& one, level&) {
    set_if(into.*Member, parse_flag(one.arguments[0].text), one);
}
template <auto Member>
void msec(values& into, const directive& one, level&) {
    set_if(into.*Member, parse_milliseconds(one.arguments[0].text), one);
}
template <auto Member>
void number(values& into, const directive& one, level&) {
    set_if(into.*Member, parse_number(one.arguments[0].text), one);
}
template <auto Member>
void text(values& into, const directive& one, level&) {
    into.*Member = {one.arguments[0].text, one.name.where};
}

void root(values& into, const directive& one, level&) {
    into.root = {one.arguments[0].text, one.name.where};
    into.is_alias = {one.name.text == "alias", one.name.where};
}

void index(values& into, const directive& one, level& at) {
    auto& list = at.begin(into.index, one);
    for (const auto& each : one.arguments)
        list.push_back(each.text);
}

void add_header(values& into, const directive& one, level& at) {
    at.begin(into.add_headers, one)
        .push_back({one.arguments[0].text, one.arguments[1].text, one.arguments.size() == 3, one.name.where});
}

void proxy_set_header(values& into, const directive& one, level& at) {
    at.begin(into.proxy_set_headers, one)
        .push_back({one.arguments[0].text, one.arguments[1].text, false, one.name.where});
}

void read_error_page(values& into, const directive& one, level& at) {
    error_page page;
    page.where = one.name.where;
    page.uri = one.arguments.back().text;
    for (std::size_t i = 0; i + 1 < one.arguments.size(); ++i) {
        const std::string_view word = one.arguments[i].text;
        const bool answer = word.starts_with('=');
        const auto code =
            answer && word.size() == 1 ? std::optional<std::int64_t>(0) : parse_number(answer ? word.substr(1) : word);
        if (!code || *code > 999) return;
        if (answer)
            page.answer = static_cast<int>(*code);
        else
            page.codes.push_back(static_cast<int>(*code));
    }
    at.begin(into.error_pages, one).push_back(page);
}

void types(values& into, const directive& one, level& at) {
    // Two blocks of one level add up; a shared table is never changed.
    auto& current = at.begin(into.types, one);
    auto merged = current ? *current : std::map<std::string, std::string>{};
    for (const auto& line : one.block) {
        if (line.has_block || line.name.text == "include") continue;
        for (const auto& extension : line.arguments)
            merged[lower_case(extension.text)] = line.name.text;
    }
    current = std::make_shared<const std::map<std::string, std::string>>(std::move(merged));
}

void keepalive_timeout(values& into, const directive& one, level&) {
    set_if(into.keepalive_timeout, parse_milliseconds(one.arguments[0].text), one);
    // Merged for itself: a level with one value keeps the header of the level above.
    if (one.arguments.size() == 2) set_if(into.keepalive_header, parse_seconds(one.arguments[1].text), one);
}

void keepalive_time(values& into, const directive& one, level&) {
    if (const auto time = parse_milliseconds(one.arguments[0].text))
        into.keepalive_time = {as_limit(*time), one.name.where};
}

void keepalive_disable(values& into, const directive& one, level& at) {
    // Uses of one level add up to something else than the default.
    auto& value = at.begin(into.keepalive_disable, one, disabled_keepalive{false, false});
    for (const auto& each : one.arguments) {
        value.msie6 = value.msie6 || same_ignoring_case(each.text, "msie6");
        value.safari = value.safari || same_ignoring_case(each.text, "safari");
    }
}

void lingering_close(values& into, const directive& one, level&) {
    const auto& word = one.arguments[0].text;
    const auto value = same_ignoring_case(word, "off")      ? std::optional(lingering::off)
                       : same_ignoring_case(word, "on")     ? std::optional(lingering::on)
                       : same_ignoring_case(word, "always") ? std::optional(lingering::always)
                                                            : std::nullopt;
    set_if(into.lingering_close, value, one);
}

void server_tokens(values& into, const directive& one, level&) {
    const auto& word = one.arguments[0].text;
    const auto value = same_ignoring_case(word, "off")     ? std::optional(tokens::off)
                       : same_ignoring_case(word, "on")    ? std::optional(tokens::on)
                       : same_ignoring_case(word, "build") ? std::optional(tokens::build)
                                                           : std::nullopt;
    set_if(into.server_tokens, value, one);
}

void client_max_body_size(values& into, const directive& one, level&) {
    set_if(into.client_max_body_size, parse_offset(one.arguments[0].text), one);
}

void access_log(values& into, const directive& one, level& at) {
    auto& list = at.begin(into.access_logs, one);
    if (one.arguments[0].text == "off")
        list.clear();
    else
        list.push_back(read_log(one));
}

void error_log(values& into, const directive& one, level& at) {
    at.begin(into.error_logs, one).push_back(read_log(one));
}

void resolver(values& into, const directive& one, level& at) {
    auto& list = at.begin(into.resolver, one);
    for (const auto& each : one.arguments)
        list.push_back(each.text);
}

void proxy_next_upstream(values& into, const directive& one, level& at) {
    auto& list = at.begin(into.proxy_next_upstream, one);
    for (const auto& each : one.arguments)
        list.insert(lower_case(each.text));
    // "off" wins over whatever stands beside it.
    if (list.contains("off")) list = {"off"};
}

void add_header_inherit(values& into, const directive& one, level& at) {
    if (same_ignoring_case(one.arguments[0].text, "merge")) at.keep_inherited(into.add_headers);
    if (same_ignoring_case(one.arguments[0].text, "off")) (void)at.begin(into.add_headers, one);
}

struct entry {
    std::string_view name;
    reader read;
};
constexpr auto readers = std::to_array<entry>({
    {"absolute_redirect", flag<&values::absolute_redirect>},
    {"access_log", access_log},
    {"add_header", add_header},
    {"add_header_inherit", add_header_inherit},
    {"alias", root},
    {"chunked_transfer_encoding", flag<&values::chunked_transfer_encoding>},
    {"client_body_timeout", msec<&values::client_body_timeout>},
    {"client_max_body_size", client_max_body_size},
    {"default_type", text<&values::default_type>},
    {"error_log", error_log},
    {"error_page", read_error_page},
    {"etag", flag<&values::etag>},
    {"fastcgi_keep_conn", flag<&values::fastcgi_keep_conn>},
    {"gzip", flag<&values::gzip>},
    {"index", index},
    {"keepalive_disable", keepalive_disable},
    {"keepalive_min_timeout", msec<&values::keepalive_min_timeout>},
    {"keepalive_requests", number<&values::keepalive_requests>},
    {"keepalive_time", keepalive_time},
    {"keepalive_timeout", keepalive_timeout},
    {"limit_rate", text<&values::limit_rate>},
    {"lingering_close", lingering_close},
    {"lingering_time", msec<&values::lingering_time>},
    {"lingering_timeout", msec<&values::lingering_timeout>},
    {"msie_padding", flag<&values::msie_padding>},
    {"port_in_redirect", flag<&values::port_in_redirect>},
    {"proxy_buffering", flag<&values::proxy_buffering>},
    {"proxy_connect_timeout", msec<&values::proxy_connect_timeout>},
    {"proxy_http_version", text<&values::proxy_http_version>},
    {"proxy_ignore_client_abort", flag<&values::proxy_ignore_client_abort>},
    {"proxy_next_upstream", proxy_next_upstream},
    {"proxy_next_upstream_timeout", msec<&values::proxy_next_upstream_timeout>},
    {"proxy_next_upstream_tries", number<&values::proxy_next_upstream_tries>},
    {"proxy_read_timeout", msec<&values::proxy_read_timeout>},
    {"proxy_request_buffering", flag<&values::proxy_request_buffering>},
    {"proxy_send_timeout", msec<&values::proxy_send_timeout>},
    {"proxy_set_header", proxy_set_header},
    {"proxy_socket_keepalive", flag<&values::proxy_socket_keepalive>},
    {"recursive_error_pages", flag<&values::recursive_error_pages>},
    {"reset_timedout_connection", flag<&values::reset_timedout_connection>},
    {"resolver", resolver},
    {"root", root},
    {"send_timeout", msec<&values::send_timeout>},
    {"sendfile", flag<&values::sendfile>},
    {"server_name_in_redirect", flag<&values::server_name_in_redirect>},
    {"server_tokens", server_tokens},
    {"ssi", flag<&values::ssi>},
    {"tcp_nodelay", flag<&values::tcp_nodelay>},
    {"tcp_nopush", flag<&values::tcp_nopush>},
    {"types", types},
});
static_assert(std::ranges::is_sorted(readers, {}, &entry::name));

}  // namespace

bool level::can_read(const directive& one) const {
    for (const auto& rule : rules_for(one.name.text))
        if (rule.known_to(version_) && rule.allowed_in(where_) && rule.block == one.has_block &&
            rule.takes(one.arguments.size()))
            return true;
    return false;
}

bool apply_to_values(location_values& into, const directive& one, level& at) {
    const std::string_view name = one.name.text;
    const auto found = std::ranges::lower_bound(readers, name, {}, &entry::name);
    if (found == readers.end() || found->name != name) return false;
    found->read(into, one, at);
    return true;
}

location_values default_values(const nginx_version& version) {
    location_values out;
    if (version < nginx_version{1, 19, 10}) {
        out.keepalive_requests.value = 100;
        out.keepalive_time.value = time_limit::never();
    }
    if (version < nginx_version{1, 29, 7}) out.proxy_http_version.value = "1.0";
    out.access_logs.value.push_back({"logs/access.log", "combined", "", {}});
    out.types.value = std::make_shared<const std::map<std::string, std::string>>(
        std::map<std::string, std::string>{{"html", "text/html"}, {"gif", "image/gif"}, {"jpg", "image/jpeg"}});
    return out;
}

log_target read_log(const directive& one) {
    log_target out;
    out.where = one.name.where;
    out.path = one.arguments[0].text;
    const bool access = one.name.text == "access_log";
    out.format_or_level = one.arguments.size() > 1 ? one.arguments[1].text : access ? "combined" : "error";
    for (const auto& each : one.arguments)
        if (access && each.text.starts_with("if=")) out.condition = each.text.substr(3);
    return out;
}

std::optional<std::string> connection_to_upstream(const location_values& at, const nginx_version& version) {
    for (const auto& each : at.proxy_set_headers.value)
        if (same_ignoring_case(each.name, "connection"))
            return each.value.empty() ? std::nullopt : std::optional(each.value);
    if (version < nginx_version{1, 29, 7}) return "close";
    return std::nullopt;
}

}  // namespace firstfin::nginx_conf
