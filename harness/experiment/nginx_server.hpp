#pragma once

#include <compare>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/server_policy.hpp"
#include "server/nginx_conf/nginx_version.hpp"

namespace firstfin::experiment {

enum class ip_family;

/// An nginx configuration that plays the server: what running it takes.
struct nginx_server {
    std::string typed;  ///< the path as the experiment has it
    std::string file;   ///< the same, absolute
    nginx_conf::nginx_version version;
    std::string digest;  ///< of every text that was read and the version, 16 hex digits; no path is in it
    std::string listen;  ///< the socket that is used: "0.0.0.0:8080"
    std::uint16_t port = 0;
    std::uint32_t listens = 0;       ///< how many there are
    std::uint32_t sockets = 0;       ///< how many of them are bound: a wildcard covers the addresses of its port
    std::uint64_t connections = 0;   ///< worker_processes x worker_connections
    std::vector<std::string> notes;  ///< what else the reader has to say, with its places: unknown directives, warnings

    friend auto operator<=>(const nginx_server&, const nginx_server&) = default;
};

struct nginx_reading {
    nginx_server server;
    server_policy policy;
};

/// Reads `typed`, a relative path from `folder`, and takes the first plain HTTP socket that `family` reaches from
/// another host. Throws bad_input with the places in that file: nginx would refuse it, or no such socket is in it.
[[nodiscard]] nginx_reading read_nginx_server(const std::string& typed, const std::filesystem::path& folder,
                                              const nginx_conf::nginx_version& version, ip_family family);

}  // namespace firstfin::experiment
