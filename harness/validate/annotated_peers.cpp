#include <fmt/format.h>

#include <map>
#include <set>
#include <tuple>

#include "harness/validate/annotations.hpp"
#include "harness/validate/problem_list.hpp"

namespace firstfin::validate {

namespace {

using nginx_conf::address;
using nginx_conf::http_settings;
using nginx_conf::location_settings;
using nginx_conf::position;
using nginx_conf::server_settings;
using kind = enclosing_block::kind;

// A file of comments included by thousands of servers: far above any real configuration.
constexpr std::size_t most_assigned = 100'000;

struct earlier {
    bool operator()(position one, position other) const {
        return std::tie(one.file, one.line, one.column) < std::tie(other.file, other.line, other.column);
    }
};

/// The blocks of http by their place. One block of a file that is included twice is there twice.
struct directory {
    std::map<position, std::vector<const server_settings*>, earlier> servers;
    std::map<position, std::vector<const server_settings*>, earlier> servers_of_location;
    std::map<position, std::vector<const location_settings*>, earlier> locations;
    std::map<position, std::string, earlier> upstreams;
    std::map<std::string, std::string> upstream_names;  ///< as written, by lower case

    explicit directory(const http_settings& all) {
        for (const auto& one : all.servers) {
            servers[one.where].push_back(&one);
            add_below(one, one.level);
        }
        for (const auto& one : all.upstreams) {
            upstreams.emplace(one.where, one.name);
            upstream_names.emplace(nginx_conf::lower_case(one.name), one.name);
        }
    }

    void add_below(const server_settings& server, const location_settings& level) {
        for (const auto& one : level.nested) {
            servers_of_location[one.where].push_back(&server);
            locations[one.where].push_back(&one);
            add_below(server, one);
        }
    }

    /// The upstream, host:port, or the text with its variables: what the hop is called.
    [[nodiscard]] std::string target_of(const location_settings& from) const {
        const auto& target = from.pass->value;
        if (target.has_variables) return target.text;
        if (target.where.kind == address::family::name) {
            const auto found = upstream_names.find(nginx_conf::lower_case(target.where.host));
            if (found != upstream_names.end()) return found->second;
        }
        auto where = target.where;
        where.uri.clear();
        if (where.port == 0 && from.pass_kind == "proxy_pass") where.port = target.scheme == "https" ? 443 : 80;
        return to_text(where);
    }

    /// Of this location, what is nested in it, and its ifs.
    void targets_below(const location_settings& from, std::set<std::string>& into) const {
        if (from.pass) into.insert(target_of(from));
        for (const auto& one : from.ifs)
            if (one.inside.pass) into.insert(target_of(one.inside));
        for (const auto& one : from.nested)
            targets_below(one, into);
    }
};

/// What an annotation's text names; a text that names nobody is a problem at its place, once.
class peer_reader {
public:
    using named = std::vector<peer> (*)(std::string_view, const catalogue&);
    peer_reader(named names, const catalogue& profiles, problem_list& problems)
        : names_(names), profiles_(profiles), problems_(problems) {}

    const std::vector<peer>* read(const annotation& one) {
        try {
            if (const auto found = known_.find(one.what); found != known_.end()) return &found->second;
            return &known_.emplace(one.what, names_(one.what, profiles_)).first->second;
        } catch (const bad_input& failed) {
            problems_.add(one.where, failed.what());
            return nullptr;
        }
    }

private:
    named names_;
    const catalogue& profiles_;
    problem_list& problems_;
    std::map<std::string, std::vector<peer>> known_;
};

class assignment {
public:
    explicit assignment(problem_list& problems) : problems_(problems) {}

    void add(const annotation& from, std::string hop, position server, const std::vector<peer>& peers) {
        if (!seen_.emplace(hop, server.file, server.line, server.column, from.what).second) return;
        if (out_.size() == most_assigned) {
            problems_.add(from.where, fmt::format("more than {} servers or upstreams are annotated", most_assigned));
            problems_.throw_if_any();
        }
        out_.push_back({std::move(hop), peers, server});
    }

    [[nodiscard]] std::vector<assigned_peers> take() {
        problems_.throw_if_any();
        return std::move(out_);
    }

private:
    problem_list& problems_;
    std::set<std::tuple<std::string, std::uint32_t, std::uint32_t, std::uint32_t, std::string>> seen_;
    std::vector<assigned_peers> out_;
};

/// For people; the place of its block says which is meant.
std::string name_of(const server_settings& server) {
    for (const auto& one : server.names)
        if (!one.text.empty()) return one.text;
    return to_text(server.listens.front().value.where);
}

void not_of_http(const annotation& from, std::string_view key, problem_list& problems) {
    problems.add(from.where, fmt::format("{}= stands in no server of http: nothing else is judged", key));
}

}  // namespace

std::vector<assigned_peers> annotated_clients(const std::vector<annotation>& all, const nginx_conf::configuration& read,
                                              const http_settings& settings, const catalogue& profiles) {
    problem_list problems(read.files);
    peer_reader reader(clients_named, profiles, problems);
    assignment out(problems);
    const directory known(settings);
    const auto add_servers = [&](const annotation& one, const auto& index, position where,
                                 const std::vector<peer>& peers) {
        const auto found = index.find(where);
        if (found == index.end()) return not_of_http(one, "client", problems);
        for (const auto* server : found->second)
            out.add(one, name_of(*server), server->where, peers);
    };
    for (const auto& one : all) {
        if (one.kind != annotation_kind::client || problems.is_full()) continue;
        const auto* peers = reader.read(one);
        if (peers == nullptr) continue;
        for (const auto& block : *one.inside) {
            if (block.what == kind::none || block.what == kind::http)
                out.add(one, "", {}, *peers);
            else if (block.what == kind::server)
                add_servers(one, known.servers, block.where, *peers);
            else if (block.what == kind::location)
                add_servers(one, known.servers_of_location, block.where, *peers);
            else if (block.what == kind::upstream)
                problems.add(one.where,
                             "client= stands in an upstream, which nobody connects to: backend= is meant "
                             "there, or client= in a server");
            else
                not_of_http(one, "client", problems);
        }
    }
    return out.take();
}

std::vector<assigned_peers> annotated_backends(const std::vector<annotation>& all,
                                               const nginx_conf::configuration& read, const http_settings& settings,
                                               const catalogue& profiles) {
    problem_list problems(read.files);
    peer_reader reader(backends_named, profiles, problems);
    assignment out(problems);
    const directory known(settings);
    // The nearest annotation holds: those of servers wait until it is known what locations and upstreams say.
    std::set<std::string> said_nearer;
    std::vector<std::pair<const annotation*, position>> of_servers;
    const auto add_targets = [&](const annotation& one, const std::set<std::string>& targets,
                                 const std::vector<peer>& peers) {
        for (const auto& target : targets)
            out.add(one, target, {}, peers);
        return !targets.empty();
    };
    const auto nothing_passed = [&](const annotation& one, std::string_view where) {
        problems.add(one.where, fmt::format("backend= stands in a {} that passes nothing on", where));
    };
    for (const auto& one : all) {
        if (one.kind != annotation_kind::backend || problems.is_full()) continue;
        const auto* peers = reader.read(one);
        if (peers == nullptr) continue;
        // A snippet in several locations may pass in some of them only.
        bool met = false;
        bool in_location = false;
        for (const auto& block : *one.inside) {
            if (block.what == kind::none || block.what == kind::http) {
                out.add(one, "", {}, *peers);
                met = true;
            } else if (block.what == kind::server) {
                if (known.servers.contains(block.where))
                    of_servers.emplace_back(&one, block.where);
                else
                    not_of_http(one, "backend", problems);
                met = true;
            } else if (block.what == kind::upstream && known.upstreams.contains(block.where)) {
                said_nearer.insert(known.upstreams.at(block.where));
                out.add(one, known.upstreams.at(block.where), {}, *peers);
                met = true;
            } else if (block.what == kind::location && known.locations.contains(block.where)) {
                in_location = true;
                std::set<std::string> targets;
                for (const auto* location : known.locations.at(block.where))
                    known.targets_below(*location, targets);
                said_nearer.insert(targets.begin(), targets.end());
                met |= add_targets(one, targets, *peers);
            } else {
                not_of_http(one, "backend", problems);
                met = true;
            }
        }
        if (in_location && !met) nothing_passed(one, "location");
    }
    for (const auto& [one, where] : of_servers) {
        std::set<std::string> targets;
        for (const auto* server : known.servers.at(where))
            known.targets_below(server->level, targets);
        if (targets.empty()) nothing_passed(*one, "server");
        std::erase_if(targets, [&](const std::string& target) { return said_nearer.contains(target); });
        add_targets(*one, targets, *reader.read(*one));
    }
    return out.take();
}

}  // namespace firstfin::validate
