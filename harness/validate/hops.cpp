#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "harness/experiment/nginx_policy.hpp"
#include "harness/validate/hop.hpp"
#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

namespace {

using nginx_conf::location_settings;
using nginx_conf::location_values;
using nginx_conf::position;
using nginx_conf::server_settings;
using nginx_conf::upstream_settings;

/// nginx waits in epoll_wait, which the kernel may end late by a thousandth, at most 100 ms.
std::optional<time_window> nginx_window(time_limit limit) {
    if (limit.is_never() || limit.is_zero()) return std::nullopt;
    const duration late = std::min<duration>(limit.value() / 1000, std::chrono::milliseconds(100));
    return time_window{limit.value(), limit.value() + late};
}

std::tuple<std::uint32_t, std::uint32_t, std::uint32_t> key_of(position where) {
    return {where.file, where.line, where.column};
}

template <class Value>
auto key_of(const nginx_conf::setting<Value>& one) {
    return key_of(one.where);
}

/// Peers and rates were given for names: which of them were found.
class names_met {
public:
    template <class Named>
    const Named* find(const std::map<std::string, Named, std::less<>>& given, const std::vector<std::string>& names) {
        for (const auto& name : names)
            if (const auto found = given.find(name); found != given.end()) {
                met_.insert(name);
                return &found->second;
            }
        return nullptr;
    }

    /// What was said of this hop by name (or by the place of its server), or else of every hop.
    std::vector<peer> peers(const std::vector<assigned_peers>& given, const std::vector<std::string>& names,
                            position server = {}) {
        std::vector<peer> own;
        std::vector<peer> general;
        for (const auto& one : given) {
            const bool placed = one.server.is_known();
            const bool named =
                placed ? one.server == server : !one.hop.empty() && std::ranges::find(names, one.hop) != names.end();
            if (named && !placed) met_.insert(one.hop);
            auto& into = named ? own : general;
            if (named || one.hop.empty()) into.insert(into.end(), one.peers.begin(), one.peers.end());
        }
        auto& out = own.empty() ? general : own;
        std::set<std::string> seen;
        std::erase_if(out, [&](const peer& one) { return !seen.insert(one.id).second; });
        return std::move(out);
    }

    [[nodiscard]] bool has(const std::string& name) const { return met_.contains(name); }

private:
    std::set<std::string> met_;
};

/// A location is called what its configuration calls it.
std::string path_of(const location_settings& of) {
    using kind = nginx_conf::match_kind;
    switch (of.match.kind) {
        case kind::exact:
            return "= " + of.match.name;
        case kind::prefix:
            return of.match.name;
        case kind::prefix_final:
            return "^~ " + of.match.name;
        case kind::pattern:
            return "~ " + of.match.name;
        case kind::pattern_no_case:
            return "~* " + of.match.name;
        case kind::named:
            return of.match.name;
    }
    return of.match.name;
}

void for_each_place(const server_settings& server, const location_settings& from,
                    const std::function<void(const place&)>& take) {
    for (const auto& one : from.nested) {
        take({&server, &one});
        for (const auto& block : one.ifs)
            take({&server, &block.inside});
        for_each_place(server, one, take);
    }
}

/// Requests come to it: some URI matches no location, or `if` blocks of the server answer.
bool level_is_reached(const server_settings& server) {
    return std::ranges::none_of(server.level.nested, [](const location_settings& one) {
        using kind = nginx_conf::match_kind;
        return (one.match.kind == kind::prefix || one.match.kind == kind::prefix_final) && one.match.name == "/";
    });
}

/// nginx looks the host up among its upstreams once it has put the variables in (ngx_http_proxy_eval), so a host that
/// is whole before them is known: "http://app$request_uri". Empty when it is not.
std::string_view host_before_variables(std::string_view target) {
    const auto scheme = target.find("://");
    if (scheme == std::string_view::npos) return {};
    const auto host = target.substr(scheme + 3);
    const auto end = host.find_first_of("/$");
    if (end == std::string_view::npos || host[end] == '/') return host.substr(0, end);
    auto variable = host.substr(end + 1);
    if (variable.starts_with('{')) variable.remove_prefix(1);
    // These begin with a "/": others may go on with the name.
    constexpr std::array<std::string_view, 3> paths{"request_uri", "uri", "document_uri"};
    const auto name = variable.substr(0, variable.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"));
    return std::ranges::find(paths, name) == paths.end() ? std::string_view() : host.substr(0, end);
}

class builder {
public:
    builder(const nginx_conf::http_settings& all, const workload& traffic) : all_(all), traffic_(traffic) {
        for (const auto& one : all.upstreams)
            upstreams_.try_emplace(nginx_conf::lower_case(one.name), &one);
        sockets_.resize(all.servers.size());
        for (const auto& socket : all.listens)
            for (const auto server : socket.servers)
                sockets_[server].push_back(&socket);
    }

    hops build(const std::vector<assigned_peers>& clients, const std::vector<assigned_peers>& backends) {
        for (std::size_t i = 0; i < all_.servers.size(); ++i)
            add_ways_in(all_.servers[i], sockets_[i], clients);
        for (const auto& server : all_.servers)
            if (!server.level.returns) add_ways_out(server, backends);
        for (const auto* given : {&clients, &backends})
            for (const auto& one : *given)
                if (!one.hop.empty() && !one.server.is_known() && !met_.has(one.hop)) out_.unmatched.push_back(one.hop);
        for (const auto& [name, rate] : traffic_.rates)
            if (!met_.has(name)) out_.unmatched.push_back(name);
        return std::move(out_);
    }

private:
    /// Settings that decide how a client's connection ends, and where they stand: places with the same are one hop.
    static auto ending_key(const location_values& of) {
        return std::tuple(of.keepalive_timeout.value, key_of(of.keepalive_timeout), of.keepalive_header.value,
                          key_of(of.keepalive_header), of.keepalive_requests.value, key_of(of.keepalive_requests),
                          of.keepalive_time.value, key_of(of.keepalive_time), key_of(of.keepalive_disable),
                          key_of(of.keepalive_min_timeout), key_of(of.lingering_close),
                          key_of(of.reset_timedout_connection));
    }

    void add_ways_in(const server_settings& server, const std::vector<const nginx_conf::listen_socket*>& sockets,
                     const std::vector<assigned_peers>& clients) {
        std::map<decltype(ending_key(server.level.values)), std::size_t> known;
        const auto first = out_.in.size();
        const auto add = [&](const place& one) {
            const auto [at, is_new] = known.try_emplace(ending_key(one.values()), out_.in.size());
            if (is_new) out_.in.emplace_back();
            out_.in[at->second].places.push_back(one);
        };
        const place level{&server, &server.level};
        if (server.level.returns || level_is_reached(server)) add(level);
        if (!server.level.returns) for_each_place(server, server.level, add);
        for (auto i = first; i < out_.in.size(); ++i)
            complete(out_.in[i], server, sockets, out_.in.size() - first == 1, clients);
    }

    void complete(client_hop& hop, const server_settings& server,
                  const std::vector<const nginx_conf::listen_socket*>& sockets, bool alone,
                  const std::vector<assigned_peers>& clients) {
        hop.sockets = sockets;
        std::vector<std::string> names;
        for (const auto* socket : sockets) {
            hop.listens.push_back(socket->text);
            names.push_back(socket->text);
            const bool is_v4_wildcard =
                socket->options.where.kind == nginx_conf::address::family::ipv4 && socket->options.where.is_wildcard();
            if (is_v4_wildcard) names.push_back(fmt::format("*:{}", socket->options.where.port));
            if (socket->options.where.port != 0) names.push_back(std::to_string(socket->options.where.port));
        }
        hop.server_name = server.names.front().text;
        for (const auto& one : server.names)
            if (!one.text.empty()) names.push_back(one.text);
        hop.name = name_of(hop, sockets, alone);
        names.push_back(hop.name);
        hop.answered_by_server = server.level.returns.has_value();
        hop.policy = experiment::policy_of(server, hop.values());
        if (hop.answered_by_server) {
            hop.policy.keepalive_requests = count_limit::unlimited();
            hop.policy.keepalive_time = time_limit::never();
        }
        hop.policy.close_window = nginx_window(hop.policy.keepalive_timeout);
        hop.peers = met_.peers(clients, names, server.where);
        const auto* rate = met_.find(traffic_.rates, names);
        hop.rate = rate != nullptr ? std::optional(*rate) : traffic_.rate;
    }

    static std::string name_of(const client_hop& hop, const std::vector<const nginx_conf::listen_socket*>& sockets,
                               bool alone) {
        std::string out = hop.server_name;
        if (out.empty() || out == "_")
            out = hop.listens.empty() ? "server" : hop.listens.front();
        else if (!sockets.empty() && sockets.front()->options.where.port != 0)
            out += fmt::format(":{}", sockets.front()->options.where.port);
        if (alone) return out;
        const auto& location = *hop.places.front().location;
        out += " " + (&location == &hop.server().level ? std::string("(server level)") : path_of(location));
        if (hop.places.size() > 1) out += fmt::format(" and {} more", hop.places.size() - 1);
        return out;
    }

    void add_ways_out(const server_settings& server, const std::vector<assigned_peers>& backends) {
        for_each_place(server, server.level, [&](const place& one) {
            if (one.location->pass && !one.location->returns) add_way_out(one, backends);
        });
    }

    void add_way_out(const place& from, const std::vector<assigned_peers>& backends) {
        const auto& target = from.location->pass->value;
        const auto* block = block_of(target);
        const auto& values = from.values();
        const auto obstacle_met = obstacle_at(all_, from, block);
        const auto name = block != nullptr       ? block->name
                          : target.has_variables ? target.text
                                                 : address_of(target, from.location->pass_kind);
        const std::tuple key(name, from.location->pass_kind, obstacle_met, values.proxy_next_upstream.value,
                             key_of(values.proxy_next_upstream), values.proxy_request_buffering.value,
                             values.proxy_socket_keepalive.value, asks_close(from));
        const auto [at, is_new] = known_out_.try_emplace(key, out_.out.size());
        if (!is_new) {
            out_.out[at->second].places.push_back(from);
            return;
        }
        upstream_hop hop;
        hop.name = name;
        hop.kind = from.location->pass_kind;
        hop.block = block;
        hop.places.push_back(from);
        hop.why_not = obstacle_met;
        hop.proxy_asks_close = !hop.reuses() && asks_close(from);
        hop.policy = policy_of(hop, values);
        count_addresses(hop, target);
        std::vector<std::string> names{name, target.text};
        if (block != nullptr)
            for (const auto& one : block->servers)
                names.push_back(one.text);
        hop.backends = met_.peers(backends, names);
        const auto* rate = met_.find(traffic_.rates, names);
        hop.rate = rate != nullptr ? std::optional(*rate) : traffic_.rate;
        out_.out.push_back(std::move(hop));
    }

    const upstream_settings* block_of(const nginx_conf::pass_target& target) const {
        const bool named = target.where.kind == nginx_conf::address::family::name;
        if (!target.has_variables && !named) return nullptr;
        const auto found = upstreams_.find(nginx_conf::lower_case(
            target.has_variables ? host_before_variables(target.text) : std::string_view(target.where.host)));
        return found == upstreams_.end() ? nullptr : found->second;
    }

    static std::string address_of(const nginx_conf::pass_target& target, std::string_view kind) {
        auto where = target.where;
        where.uri.clear();
        if (where.port == 0 && kind == "proxy_pass") where.port = target.scheme == "https" ? 443 : 80;
        return to_text(where);
    }

    [[nodiscard]] bool asks_close(const place& from) const {
        if (from.location->pass_kind != "proxy_pass") return false;
        const auto connection = nginx_conf::connection_to_upstream(from.values(), all_.version);
        const auto value = nginx_conf::lower_case(connection.value_or(""));
        if (from.values().proxy_http_version.value == "1.0") return value.find("keep-alive") == std::string::npos;
        return value.find("close") != std::string::npos;
    }

    static client_policy policy_of(const upstream_hop& hop, const location_values& values) {
        client_policy out;
        // grpc_pass and the others have a directive of their own, with the same default.
        const std::set<std::string> by_default{"error", "timeout"};
        const auto& again = hop.kind == "proxy_pass" ? values.proxy_next_upstream.value : by_default;
        out.retry = !again.contains("error")           ? retry_rule::none
                    : again.contains("non_idempotent") ? retry_rule::all
                                                       : retry_rule::idempotent;
        out.idle_timeout = duration::zero();
        if (!hop.reuses() || hop.block == nullptr) return out;
        out.idle_timeout = std::chrono::nanoseconds(hop.block->keepalive_timeout.value);
        out.close_window = nginx_window(out.idle_timeout);
        const auto requests = hop.block->keepalive_requests.value;
        out.max_requests = {static_cast<std::uint32_t>(std::clamp<std::int64_t>(requests, 1, 0xffffffff))};
        return out;
    }

    static void count_addresses(upstream_hop& hop, const nginx_conf::pass_target& target) {
        std::vector<nginx_conf::address> all;
        if (hop.block == nullptr) {
            all.push_back(target.where);
        } else {
            for (const auto& one : hop.block->servers)
                if (!one.down && !one.backup) all.push_back(one.where);
        }
        std::set<std::string> different;
        bool loopback = true;
        for (const auto& one : all) {
            if (one.kind == nginx_conf::address::family::unix_socket) continue;
            auto bare = one;
            bare.uri.clear();
            different.insert(to_text(bare));
            loopback &= one.kind == nginx_conf::address::family::name ? one.host == "localhost" : one.ip.is_loopback();
        }
        hop.all_unix = !all.empty() && different.empty();
        hop.addresses = static_cast<std::uint32_t>(std::max<std::size_t>(1, different.size()));
        hop.all_loopback = !different.empty() && loopback;
    }

    using out_key = std::tuple<std::string, std::string, obstacle, std::set<std::string>,
                               std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, bool, bool, bool>;

    const nginx_conf::http_settings& all_;
    const workload& traffic_;
    std::map<std::string, const upstream_settings*> upstreams_;
    std::vector<std::vector<const nginx_conf::listen_socket*>> sockets_;
    std::map<out_key, std::size_t> known_out_;
    names_met met_;
    hops out_;
};

}  // namespace

hops hops_of(const nginx_conf::http_settings& all, const std::vector<assigned_peers>& clients,
             const std::vector<assigned_peers>& backends, const workload& traffic) {
    return builder(all, traffic).build(clients, backends);
}

}  // namespace firstfin::validate
