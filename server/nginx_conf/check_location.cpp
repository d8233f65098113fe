#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/nginx_conf/checking.hpp"
#include "server/nginx_conf/upstream_value.hpp"
#include "server/nginx_conf/values.hpp"

// Servers and locations: names, addresses, and which location may stand in which.

namespace firstfin::nginx_conf {

namespace {

/// nginx takes the addresses of one port by family: 0.0.0.0:80 and [::]:80 are two. A port range is each of its ports.
template <class Take>
void for_each_port(const address& where, Take take) {
    address one = where;
    for (std::uint32_t port = where.port; port <= where.last_port; ++port) {
        one.port = one.last_port = static_cast<std::uint16_t>(port);
        take(to_text(one));
    }
}

void add_listen(checking& all, const directive& listen, const directive& server, const listen_value& value,
                const std::string& text) {
    auto& known = all.addresses[text];
    known.text = text;
    const auto& about = listen.arguments.empty() ? listen.name : listen.arguments[0];
    if (std::ranges::find(known.servers, &server) != known.servers.end()) {
        all.emerg(listen, about, fmt::format("a duplicate listen {}", text));
        return;
    }
    known.servers.push_back(&server);
    if (value.sets_options && known.has_options) {
        all.emerg(listen, about, fmt::format("duplicate listen options for {}", text));
        return;
    }
    known.has_options = known.has_options || value.sets_options;
    known.ssl = known.ssl || value.ssl;
    if (!value.default_server) return;
    if (known.default_server != nullptr) {
        all.emerg(listen, about, fmt::format("a duplicate default server for {}", text));
        return;
    }
    known.default_server = &server;
}

/// Where a location may not stand; empty when it may.
std::string misplacement(const location_match& outer, const location_match& inner) {
    if (outer.kind == match_kind::exact)
        return fmt::format("location \"{}\" cannot be inside the exact location \"{}\"", inner.name, outer.name);
    if (outer.kind == match_kind::named)
        return fmt::format("location \"{}\" cannot be inside the named location \"{}\"", inner.name, outer.name);
    if (inner.kind == match_kind::named)
        return fmt::format("named location \"{}\" can be on the server level only", inner.name);
    // Also inside a location by pattern: nginx compares with the pattern's text.
    if (!inner.is_pattern() && !inner.name.starts_with(outer.name))
        return fmt::format("location \"{}\" is outside location \"{}\"", inner.name, outer.name);
    return {};
}

bool ends_with_star(std::string_view text) {
    return text.size() > 2 && text.ends_with(".*");
}

/// ngx_hash_add_key: "*.example.com", ".example.com", "www.example.*".
bool is_possible_name(std::string_view name) {
    const auto stars = std::ranges::count(name, '*');
    if (stars > 1 || name.find("..") != std::string_view::npos || name.find('\0') != std::string_view::npos)
        return false;
    return stars == 0 || name.starts_with("*.") || ends_with_star(name) || (name.size() > 1 && name.starts_with('.'));
}

const directive* child_named(const directive& block, std::string_view name) {
    const auto found = std::ranges::find_if(block.block, [&](const directive& each) { return each.name.text == name; });
    return found == block.block.end() ? nullptr : &*found;
}

bool has_certificate(const directive& http, const directive& server) {
    for (const auto* level : {&server, &http}) {
        if (child_named(*level, "ssl_certificate") != nullptr) return true;
        if (const auto* reject = child_named(*level, "ssl_reject_handshake");
            reject != nullptr && reject->arguments.size() == 1)
            return parse_flag(reject->arguments[0].text).value_or(false);
    }
    return false;
}

void check_certificates(checking& all, const directive& http) {
    // The default server's certificate stands in only where every server of the address is that one.
    for (const auto& [text, known] : all.addresses) {
        if (!known.ssl) continue;
        const auto* lead = known.default_server != nullptr ? known.default_server : known.servers.front();
        std::vector<const directive*> order{lead};
        order.insert(order.end(), known.servers.begin(), known.servers.end());
        if (child_named(*lead, "ssl_certificate") != nullptr || child_named(http, "ssl_certificate") != nullptr)
            continue;
        for (const auto* server : order)
            if (!has_certificate(http, *server)) {
                all.emerg_after(http, server->name.where, server->head_end.line,
                                "no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive");
                return;
            }
    }
}

void check_server_names(checking& all, const directive& http) {
    for (const auto& [text, known] : all.addresses) {
        if (known.servers.size() < 2) continue;
        std::set<std::string> names;
        for (const auto* server : known.servers) {
            bool any = false;
            for (const auto& each : server->block) {
                if (each.name.text != "server_name") continue;
                for (const auto& name : each.arguments) {
                    any = true;
                    if (name.text.starts_with('~')) continue;
                    if (!is_possible_name(name.text))
                        all.emerg_after(http, name.where, 0,
                                        fmt::format("invalid server name or wildcard \"{}\" on {}", name.text, text));
                    else if (!names.insert(lower_case(name.text)).second)
                        all.warn_after(http, name.where,
                                       fmt::format("conflicting server name \"{}\" on {}, ignored", name.text, text));
                }
            }
            if (!any && !names.insert("").second)
                all.warn_after(http, server->name.where,
                               fmt::format("conflicting server name \"\" on {}, ignored", text));
        }
    }
}

// Only proxy_pass has a port of its own; the others need one, unless they name an upstream.
void check_ports(checking& all, const directive& http) {
    for (const auto* pass : all.passes_without_port) {
        const auto target = read_pass(*pass);
        const auto& host = target->where.host;
        const auto named = all.upstreams.find(lower_case(host));
        if (target->where.kind == address::family::name && named != all.upstreams.end() &&
            named->second.block != nullptr)
            continue;
        const auto text = host.empty() ? target->where.ip.to_string() : host;
        all.emerg_after(http, pass->arguments[0].where, pass->head_end.line,
                        fmt::format("no port in upstream \"{}\"", text));
    }
}

}  // namespace

void check_server(checking& all, const directive& one, block_scope& scope) {
    block_scope inside;
    inside.where = context::server;
    inside.parent = &scope;
    inside.owner = &one;
    all.check_block(one.block, inside);
    if (child_named(one, "listen") == nullptr) {
        listen_value everywhere;
        everywhere.where.ip = boost::asio::ip::address_v4::any();
        everywhere.where.port = everywhere.where.last_port = 80;
        add_listen(all, one, one, everywhere, to_text(everywhere.where));
    }
}

void check_listen(checking& all, const directive& one, block_scope& scope) {
    const auto read = read_listen(one, all.version);
    for (const auto& each : read.errors)
        all.emerg(one, word{{}, each.where}, each.text);
    if (!read.errors.empty() || !read.value) return;
    for_each_port(read.value->where,
                  [&](const std::string& text) { add_listen(all, one, *scope.owner, *read.value, text); });
}

void check_server_name(checking& all, const directive& one, block_scope&) {
    for (const auto& each : one.arguments) {
        const std::string_view name = each.text;
        if ((name.starts_with('*') && (name.size() < 3 || name[1] != '.')) || name == ".") {
            all.emerg(one, each, fmt::format("server name \"{}\" is invalid", name));
            return;
        }
        if (name.find('/') != std::string_view::npos)
            all.warn(one, each, fmt::format("server name \"{}\" has suspicious symbols", name));
        if (!name.starts_with('~')) continue;
        if (name.size() == 1) {
            all.emerg(one, each, fmt::format("empty regex in server name \"{}\"", name));
            return;
        }
        const auto pattern = each.text.substr(1);
        const bool has_capitals = std::ranges::any_of(pattern, [](char ch) { return ch >= 'A' && ch <= 'Z'; });
        if (!all.pattern_compiles(one, each, pattern, has_capitals)) return;
    }
}

void check_location(checking& all, const directive& one, block_scope& scope) {
    const auto& about = one.arguments.back();
    const auto match = read_location_match(one);
    if (!match) {
        all.emerg(one, one.arguments[0], match.error().message);
        return;
    }
    if (match->is_pattern() &&
        !all.pattern_compiles(one, about, match->name, match->kind == match_kind::pattern_no_case))
        return;
    if (scope.where == context::location)
        if (const auto wrong = misplacement(*scope.match, *match); !wrong.empty()) all.emerg(one, about, wrong);
    if (match->is_static()) {
        auto& same_kind = match->kind == match_kind::exact ? scope.exact_locations : scope.prefix_locations;
        if (!same_kind.try_emplace(match->name, &one).second)
            all.emerg_after(*all.http, about.where, one.head_end.line,
                            fmt::format("duplicate location \"{}\"", match->name));
    }
    block_scope inside;
    inside.where = context::location;
    inside.parent = &scope;
    inside.owner = &one;
    inside.match = *match;
    all.check_block(one.block, inside);
}

void check_limit_except(checking& all, const directive& one, block_scope& scope) {
    constexpr auto methods =
        std::to_array<std::string_view>({"GET", "HEAD", "POST", "PUT", "DELETE", "MKCOL", "COPY", "MOVE", "OPTIONS",
                                         "PROPFIND", "PROPPATCH", "LOCK", "UNLOCK", "PATCH"});
    if (!all.first_use(one, scope)) return;
    for (const auto& each : one.arguments)
        if (std::ranges::none_of(methods, [&](auto known) { return same_ignoring_case(known, each.text); })) {
            all.emerg(one, each, fmt::format("invalid method \"{}\"", each.text));
            return;
        }
    block_scope inside;
    inside.where = context::limit_except;
    inside.parent = &scope;
    inside.owner = &one;
    inside.match = scope.match;
    all.check_block(one.block, inside);
}

void check_root(checking& all, const directive& one, block_scope& scope) {
    const auto& name = one.name.text;
    if (scope.root != nullptr) {
        const auto& earlier = scope.root->name.text;
        all.emerg(one, one.name,
                  earlier == name ? fmt::format("\"{}\" directive is duplicate", name)
                                  : fmt::format("\"{}\" directive is duplicate, \"{}\" directive was specified earlier",
                                                name, earlier));
        return;
    }
    scope.root = &one;
    if (name == "alias" && scope.match && scope.match->kind == match_kind::named) {
        all.emerg(one, one.name, "the \"alias\" directive cannot be used inside the named location");
        return;
    }
    const auto& value = one.arguments[0];
    for (const std::string_view variable : {"document_root", "realpath_root"})
        if (value.text.find(fmt::format("${}", variable)) != std::string::npos ||
            value.text.find(fmt::format("${{{}}}", variable)) != std::string::npos) {
            all.emerg(one, value,
                      fmt::format("the ${} variable cannot be used in the \"{}\" directive", variable, name));
            return;
        }
    (void)all.variables_fine(one, value);
}

void check_keepalive_timeout(checking& all, const directive& one, block_scope& scope) {
    // In an upstream it takes one time; the table has a rule for each.
    if (!all.first_use(one, scope)) return;
    if (!parse_milliseconds(one.arguments[0].text))
        all.emerg(one, one.arguments[0], "\"keepalive_timeout\" directive invalid value");
    else if (one.arguments.size() == 2 && !parse_seconds(one.arguments[1].text))
        all.emerg(one, one.arguments[1], "\"keepalive_timeout\" directive invalid value");
}

void check_error_page(checking& all, const directive& one, block_scope&) {
    const auto& words = one.arguments;
    const auto& uri = words.back();
    std::size_t codes = words.size() - 1;
    const auto& answer = words[words.size() - 2];
    if (answer.text.starts_with('=')) {
        --codes;
        if (codes == 0 || (answer.text.size() > 1 && !parse_number(std::string_view(answer.text).substr(1)))) {
            all.emerg(one, answer, fmt::format("invalid value \"{}\"", answer.text));
            return;
        }
    }
    if (!all.variables_fine(one, uri)) return;
    for (std::size_t i = 0; i < codes; ++i) {
        const auto code = parse_number(words[i].text);
        if (!code || *code == 499) {
            all.emerg(one, words[i], fmt::format("invalid value \"{}\"", words[i].text));
            return;
        }
        if (*code < 300 || *code > 599) {
            all.emerg(one, words[i], fmt::format("value \"{}\" must be between 300 and 599", words[i].text));
            return;
        }
    }
}

void check_index(checking& all, const directive& one, block_scope&) {
    for (const auto& each : one.arguments) {
        if (each.text.starts_with('/') && &each != &one.arguments.back())
            all.warn(one, each, "only the last index in \"index\" directive should be absolute");
        if (each.text.empty()) {
            all.emerg(one, each, "index \"\" in \"index\" directive is invalid");
            return;
        }
        if (!all.variables_fine(one, each)) return;
    }
}

void check_try_files(checking& all, const directive& one, block_scope& scope) {
    if (!all.first_use(one, scope)) return;
    for (const auto& each : one.arguments)
        if (!all.variables_fine(one, each)) return;
    const auto& last = one.arguments.back();
    if (!last.text.starts_with('=')) return;
    const auto code = parse_number(std::string_view(last.text).substr(1));
    if (!code || *code > 999) all.emerg(one, last, fmt::format("invalid code \"{}\"", last.text));
}

void check_add_header(checking& all, const directive& one, block_scope&) {
    if (!all.variables_fine(one, one.arguments[1])) return;
    if (one.arguments.size() == 3 && one.arguments[2].text != "always")
        all.emerg(one, one.arguments[2], fmt::format("invalid parameter \"{}\"", one.arguments[2].text));
}

void check_after_http(checking& all, const directive& http) {
    check_certificates(all, http);
    check_ports(all, http);
    check_server_names(all, http);
}

}  // namespace firstfin::nginx_conf
