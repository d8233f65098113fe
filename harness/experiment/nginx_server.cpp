#include "harness/experiment/nginx_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "core/parse_error.hpp"
#include "harness/experiment/fingerprint.hpp"
#include "harness/experiment/nginx_policy.hpp"
#include "harness/experiment/settings.hpp"
#include "server/nginx_conf/bound_listens.hpp"

namespace firstfin::experiment {

namespace {

using nginx_conf::listen_socket;

nginx_conf::configuration read_valid(const std::string& file, const std::string& folder,
                                     const nginx_conf::nginx_version& version) {
    nginx_conf::reading_options options;
    options.version = version;
    auto out = nginx_conf::read_configuration(file, folder, options);
    if (out.is_valid()) return out;
    std::string text = fmt::format("nginx/{} refuses this configuration:", nginx_conf::to_text(version));
    for (const auto& each : out.messages)
        text += "\n  " + out.in_words(each);
    throw bad_input(text);
}

bool is_plain_http(const listen_socket& one) {
    const bool over_ip = one.options.where.kind != nginx_conf::address::family::unix_socket;
    return over_ip && !one.options.ssl && !one.options.quic && !one.options.proxy_protocol;
}

/// The server's address in the sandbox is not known to the file: only a wildcard listens there.
bool is_reached(const listen_socket& one, ip_family family) {
    if (!one.options.where.is_wildcard()) return false;
    const bool is_ipv6 = one.options.where.kind == nginx_conf::address::family::ipv6;
    return family == ip_family::ipv6 ? is_ipv6 : !is_ipv6 || !one.options.ipv6only;
}

const listen_socket& choose_listen(const nginx_conf::http_settings& all, const nginx_conf::configuration& read,
                                   ip_family family) {
    const auto plain = std::ranges::find_if(all.listens, is_plain_http);
    if (plain == all.listens.end())
        throw bad_input(fmt::format("{}: no plain HTTP on TCP: add a server with \"listen 8080;\"", read.main_file()));
    const auto chosen = std::ranges::find_if(
        all.listens, [family](const auto& each) { return is_plain_http(each) && is_reached(each, family); });
    if (chosen != all.listens.end()) return *chosen;
    throw bad_input(fmt::format(
        "{}: \"listen {}\" is not reached over {} from the client's network: listen on every address (\"listen "
        "{}{};\")",
        plain->where.is_known() ? nginx_conf::origin_in_words(plain->where, read.files) : read.main_file(), plain->text,
        to_text(family), family == ip_family::ipv6 ? "[::]:" : "", plain->options.where.port));
}

std::string digest_of(const nginx_conf::configuration& read, const nginx_conf::nginx_version& version) {
    fingerprint out;
    out.add(nginx_conf::to_text(version));
    for (const auto& text : read.texts)
        out.add(text);
    return out.hex();
}

std::uint64_t connections_of(const nginx_conf::core_settings& core) {
    const auto processes = core.worker_processes.value.value_or(std::max(1U, std::thread::hardware_concurrency()));
    return static_cast<std::uint64_t>(std::max<std::int64_t>(processes, 1)) *
           static_cast<std::uint64_t>(std::max<std::int64_t>(core.worker_connections.value, 0));
}

}  // namespace

nginx_reading read_nginx_server(const std::string& typed, const std::filesystem::path& folder,
                                const nginx_conf::nginx_version& version, ip_family family) {
    nginx_reading out;
    const auto file = std::filesystem::absolute(folder / typed).lexically_normal();
    const auto read = read_valid(file.string(), file.parent_path().string() + "/", version);
    const auto all = nginx_conf::effective(read, version);
    const auto& chosen = choose_listen(all, read, family);
    out.server.typed = typed;
    out.server.file = file.string();
    out.server.version = version;
    out.server.digest = digest_of(read, version);
    out.server.listen = chosen.text;
    out.server.port = chosen.options.where.port;
    out.server.listens = static_cast<std::uint32_t>(all.listens.size());
    out.server.sockets = static_cast<std::uint32_t>(nginx_conf::bound_listens(all.listens).size());
    out.server.connections = connections_of(all.core);
    for (const auto& each : read.messages)
        out.server.notes.push_back(read.in_words(each));
    out.policy = policy_of(all, chosen);
    return out;
}

}  // namespace firstfin::experiment
