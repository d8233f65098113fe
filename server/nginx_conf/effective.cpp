#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/nginx_conf/merging.hpp"

namespace firstfin::nginx_conf {

namespace {

constexpr nginx_version upstreams_keep_alive{1, 29, 7};

bool is_pass(std::string_view name) {
    return name.ends_with("_pass");
}

class merger {
public:
    merger(const configuration& read, const nginx_version& version) : read_(read) { out_.version = version; }

    http_settings merge() {
        out_.values = default_values(out_.version);
        if (out_.version >= upstreams_keep_alive) upstream_keepalive_ = 32;
        level main(context::main, out_.version);
        for (const auto& one : read_.tree)
            if (main.can_read(one)) read_core(one, main);
        out_.values.error_logs = out_.core.error_logs;
        // Everything of the http level first: a server inherits what is written after it, too.
        if (http_ != nullptr) read_http(*http_);
        return std::move(out_);
    }

private:
    void read_core(const directive& one, level& at) {
        const auto& name = one.name.text;
        auto& core = out_.core;
        const auto first = one.arguments.empty() ? std::string_view() : std::string_view(one.arguments[0].text);
        if (name == "http" && http_ == nullptr) {
            http_ = &one;
        } else if (name == "events") {
            level events(context::events, out_.version);
            for (const auto& each : one.block)
                if (events.can_read(each) && each.name.text == "worker_connections")
                    set_if(core.worker_connections, parse_number(each.arguments[0].text), each);
        } else if (name == "worker_processes") {
            if (first == "auto")
                core.worker_processes = {std::nullopt, one.name.where};
            else if (const auto number = parse_number(first))
                core.worker_processes = {number, one.name.where};
        } else if (name == "worker_rlimit_nofile") {
            if (const auto number = parse_number(first)) core.worker_rlimit_nofile = {number, one.name.where};
        } else if (name == "worker_shutdown_timeout") {
            if (const auto time = parse_milliseconds(first))
                core.worker_shutdown_timeout = {as_limit(*time), one.name.where};
        } else if (name == "daemon") {
            set_if(core.daemon, parse_flag(first), one);
        } else if (name == "master_process") {
            set_if(core.master_process, parse_flag(first), one);
        } else if (name == "pid") {
            core.pid = {std::string(first), one.name.where};
        } else if (name == "user") {
            core.user = {std::string(first), one.name.where};
            core.group = one.arguments.size() > 1 ? one.arguments[1].text : std::string();
        } else if (name == "error_log") {
            at.begin(core.error_logs, one).push_back(read_log(one));
        }
    }

    void read_http(const directive& http) {
        level at(context::http, out_.version);
        server_settings defaults;
        if (out_.version >= nginx_version{1, 29, 8}) defaults.max_headers.value = 1000;
        for (const auto& one : http.block) {
            if (!at.can_read(one)) continue;
            const auto& name = one.name.text;
            if (apply_to_values(out_.values, one, at) || apply_to_server(defaults, one)) continue;
            if (name == "log_format") {
                std::string format;
                for (std::size_t i = 1; i < one.arguments.size(); ++i)
                    if (i > 1 || !one.arguments[i].text.starts_with("escape=")) format += one.arguments[i].text;
                out_.log_formats[one.arguments[0].text] = format;
                const auto& second = one.arguments[1].text;
                out_.log_details[one.arguments[0].text] = {second == "escape=json"   ? log_escape::json
                                                           : second == "escape=none" ? log_escape::none
                                                                                     : log_escape::standard,
                                                           one.name.where};
            } else if (name == "map" || name == "geo" || name == "split_clients") {
                const auto& variable = one.arguments.back().text;
                out_.variables.push_back({name, variable.substr(variable.starts_with('$') ? 1 : 0), one});
            } else if (name == "upstream") {
                read_upstream(one);
            } else if (name != "server") {
                note_other(one);
            }
        }
        for (const auto& one : http.block)
            if (one.name.text == "server" && at.can_read(one)) read_server(one, defaults);
    }

    void note_other(const directive& one) {
        if (one.name.text == "include") return;
        out_.others.push_back({one.name.text, one.arguments.empty() ? "" : one.arguments[0].text, one.name.where});
    }

    /// What belongs to a server as a whole, wherever it is written.
    static bool apply_to_server(server_settings& into, const directive& one) {
        const auto& name = one.name.text;
        if (name == "client_header_timeout")
            set_if(into.client_header_timeout, parse_milliseconds(one.arguments[0].text), one);
        else if (name == "client_header_buffer_size")
            set_if(into.client_header_buffer_size, parse_size(one.arguments[0].text), one);
        else if (name == "http2")
            set_if(into.http2, parse_flag(one.arguments[0].text), one);
        else if (name == "ignore_invalid_headers")
            set_if(into.ignore_invalid_headers, parse_flag(one.arguments[0].text), one);
        else if (name == "underscores_in_headers")
            set_if(into.underscores_in_headers, parse_flag(one.arguments[0].text), one);
        else if (name == "merge_slashes")
            set_if(into.merge_slashes, parse_flag(one.arguments[0].text), one);
        else if (name == "max_headers")
            set_if(into.max_headers, parse_number(one.arguments[0].text), one);
        else if (name == "large_client_header_buffers") {
            const auto number = parse_number(one.arguments[0].text);
            const auto size = parse_size(one.arguments[1].text);
            if (number && size) into.large_client_header_buffers = {{*number, *size}, one.name.where};
        } else
            return false;
        return true;
    }

    void read_server(const directive& from, const server_settings& defaults) {
        server_settings server = defaults;
        server.where = from.name.where;
        level at(context::server, out_.version);
        for (const auto& one : from.block) {
            if (!at.can_read(one) || apply_to_server(server, one)) continue;
            if (one.name.text == "server_name") read_names(one, server);
            if (one.name.text == "listen")
                if (const auto read = read_listen(one, out_.version); read.value && read.errors.empty())
                    server.listens.push_back({*read.value, one.name.where});
        }
        if (server.names.empty()) server.names.push_back({"", std::nullopt, {}});
        if (server.listens.empty()) {
            placed_listen everywhere;
            everywhere.value.where.ip = boost::asio::ip::address_v4::any();
            everywhere.value.where.port = everywhere.value.where.last_port = 80;
            server.listens.push_back(everywhere);
        }
        server.level = read_level(from, out_.values, context::server);
        out_.servers.push_back(std::move(server));
        for (const auto& each : out_.servers.back().listens)
            add_listen(each, out_.servers.size() - 1);
    }

    void read_names(const directive& one, server_settings& into) {
        for (const auto& each : one.arguments) {
            if (!each.text.starts_with('~')) {
                into.names.push_back({lower_case(each.text), std::nullopt, each.where});
                continue;
            }
            const auto pattern = each.text.substr(1);
            const bool capitals = std::ranges::any_of(pattern, [](char ch) { return ch >= 'A' && ch <= 'Z'; });
            const auto compiled =
                regular_expression::compile(pattern, capitals ? letter_case::ignored : letter_case::matters);
            if (compiled) into.names.push_back({each.text, *compiled, each.where});
        }
    }

    void add_listen(const placed_listen& from, std::size_t server) {
        address one = from.value.where;
        for (std::uint32_t port = one.port; port <= from.value.where.last_port; ++port) {
            one.port = one.last_port = static_cast<std::uint16_t>(port);
            add_socket(to_text(one), one, from, server);
        }
    }

    void add_socket(const std::string& text, const address& where, const placed_listen& from, std::size_t server) {
        const auto [index, is_new] = socket_index_.try_emplace(text, out_.listens.size());
        if (is_new) {
            listen_socket fresh;
            fresh.text = text;
            fresh.options = from.value;
            fresh.options.where = where;
            fresh.where = from.where;
            fresh.default_server = server;
            fresh.servers.push_back(server);
            out_.listens.push_back(std::move(fresh));
            return;
        }
        auto& known = out_.listens[index->second];
        if (std::ranges::find(known.servers, server) == known.servers.end()) known.servers.push_back(server);
        const auto before = known.options;
        if (from.value.sets_options) {
            known.options = from.value;
            known.options.where = where;
            known.where = from.where;
        }
        known.options.ssl = before.ssl || from.value.ssl;
        known.options.http2 = before.http2 || from.value.http2;
        known.options.quic = before.quic || from.value.quic;
        known.options.proxy_protocol = before.proxy_protocol || from.value.proxy_protocol;
        known.options.default_server = before.default_server || from.value.default_server;
        if (from.value.default_server && !before.default_server) known.default_server = server;
    }

    location_settings read_level(const directive& from, const location_values& inherited, context where) {
        location_settings out;
        out.where = from.name.where;
        out.values = inherited;
        level at(where, out_.version);
        // An inheritance rule holds for the whole level, wherever in it it is written.
        for (const auto& one : from.block)
            if (one.name.text == "add_header_inherit" && at.can_read(one)) (void)apply_to_values(out.values, one, at);
        for (const auto& one : from.block) {
            if (!at.can_read(one) || one.name.text == "add_header_inherit") continue;
            if (apply_to_values(out.values, one, at) || read_own(one, out)) continue;
            if (!is_read_elsewhere(one.name.text)) note_other(one);
        }
        for (const auto& one : from.block) {
            if (!at.can_read(one)) continue;
            if (one.name.text == "location") read_location(one, out);
            if (one.name.text == "if") read_if(one, out, where);
        }
        return out;
    }

    /// Levels of their own, and what belongs to a server as a whole.
    static bool is_read_elsewhere(std::string_view name) {
        constexpr std::array of_server{"client_header_timeout",
                                       "client_header_buffer_size",
                                       "http2",
                                       "ignore_invalid_headers",
                                       "underscores_in_headers",
                                       "merge_slashes",
                                       "max_headers",
                                       "large_client_header_buffers"};
        return name == "location" || name == "if" || name == "listen" || name == "server_name" ||
               std::ranges::find(of_server, name) != of_server.end();
    }

    /// False when it means nothing to these settings; of `rewrite` and its like they only know that they are there.
    static bool read_own(const directive& one, location_settings& into) {
        const auto& name = one.name.text;
        if (is_pass(name) && !one.arguments.empty()) {
            if (const auto target = read_pass(one); target && !into.pass) {
                into.pass = setting<pass_target>{*target, one.name.where};
                into.pass_kind = name;
            }
        } else if (name == "try_files") {
            setting<std::vector<std::string>> files;
            files.where = one.name.where;
            for (const auto& each : one.arguments)
                files.value.push_back(each.text);
            into.try_files = files;
        } else if (name == "return") {
            if (!into.returns) into.returns = read_return(one);
        } else if (name == "internal") {
            into.internal = true;
        } else if (name == "rewrite" || name == "set" || name == "break") {
            into.rewrites = true;
            return false;
        } else {
            return false;
        }
        return true;
    }

    static std::optional<return_value> read_return(const directive& one) {
        const auto code = parse_number(one.arguments[0].text);
        if (!code) return return_value{302, one.arguments[0].text, one.name.where};
        if (*code > 999) return std::nullopt;
        return_value out{static_cast<int>(*code), std::nullopt, one.name.where};
        if (one.arguments.size() == 2) out.text = one.arguments[1].text;
        return out;
    }

    void read_location(const directive& one, location_settings& into) {
        const auto match = read_location_match(one);
        if (!match) return;
        std::optional<regular_expression> pattern;
        if (match->is_pattern()) {
            const auto compiled = regular_expression::compile(
                match->name, match->kind == match_kind::pattern_no_case ? letter_case::ignored : letter_case::matters);
            if (!compiled) return;
            pattern = *compiled;
        }
        auto location = read_level(one, into.values, context::location);
        location.match = *match;
        location.pattern = std::move(pattern);
        into.nested.push_back(std::move(location));
    }

    void read_if(const directive& one, location_settings& into, context where) {
        const auto read = read_condition(one);
        if (!read) return;
        if_settings block;
        block.when = *read;
        block.inside =
            read_level(one, into.values, where == context::server ? context::server_if : context::location_if);
        block.inside.match = into.match;
        if (!block.inside.pass) {
            block.inside.pass = into.pass;
            block.inside.pass_kind = into.pass_kind;
        }
        into.ifs.push_back(std::move(block));
    }

    void read_upstream(const directive& from) {
        upstream_settings out;
        out.name = from.arguments[0].text;
        out.where = from.name.where;
        out.keepalive.value = upstream_keepalive_;
        out.keepalive_local = upstream_keepalive_ != 0;
        if (out_.version < nginx_version{1, 19, 10}) {
            out.keepalive_requests.value = 100;
            out.keepalive_time.value = time_limit::never();
        }
        level at(context::upstream, out_.version);
        for (const auto& one : from.block)
            if (at.can_read(one)) read_upstream_part(one, out);
        if (out.keepalive_lost) out.keepalive.value = 0;
        out_.upstreams.push_back(std::move(out));
    }

    void read_upstream_part(const directive& one, upstream_settings& into) {
        const auto& name = one.name.text;
        if (name == "server") {
            if (const auto read = read_upstream_server(one, out_.version); read.value)
                into.servers.push_back(*read.value);
        } else if (name == "keepalive") {
            set_if(into.keepalive, parse_number(one.arguments[0].text), one);
            into.keepalive_local = one.arguments.size() == 2;
        } else if (name == "keepalive_timeout") {
            set_if(into.keepalive_timeout, parse_milliseconds(one.arguments[0].text), one);
        } else if (name == "keepalive_requests") {
            set_if(into.keepalive_requests, parse_number(one.arguments[0].text), one);
        } else if (name == "keepalive_time") {
            if (const auto time = parse_milliseconds(one.arguments[0].text))
                into.keepalive_time = {as_limit(*time), one.name.where};
        } else if (name == "zone") {
            into.zone = one.arguments[0].text;
        } else if (name == "least_conn" || name == "ip_hash" || name == "hash" || name == "random") {
            into.method = name;
            if (out_.version < upstreams_keep_alive && !into.keepalive.is_default()) into.keepalive_lost = true;
        }
    }

    const configuration& read_;
    http_settings out_;
    const directive* http_ = nullptr;
    std::map<std::string, std::size_t> socket_index_;
    std::int64_t upstream_keepalive_ = 0;
};

}  // namespace

std::string origin_in_words(position where, const std::vector<std::string>& files) {
    if (!where.is_known()) return "default";
    return fmt::format("{}:{}:{}", printable(files.at(where.file)), where.line, where.column);
}

http_settings effective(const configuration& read, const nginx_version& version) {
    return merger(read, version).merge();
}

}  // namespace firstfin::nginx_conf
