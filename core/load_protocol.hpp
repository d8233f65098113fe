#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/endpoint.hpp"
#include "core/text_value.hpp"

// How the harness and the load side talk: an order on standard input; on standard output a line with the measured phase
// at once, so that others can look at its beginning and end too, and a line with the report when it is over.

namespace firstfin::load {

inline constexpr int version = 1;

/// Who ends a connection that has carried its requests.
enum class closer {
    client,  ///< closes after the last response, unannounced
    server,  ///< is asked to, by Connection: close in the last request
    reset,   ///< the client, by RST: TIME_WAIT nowhere
};

/// When requests begin in an open loop.
enum class arrival {
    fixed,    ///< evenly spaced
    poisson,  ///< independent of each other, as many users are
};

/// What the load side is told.
struct order {
    endpoint server;
    std::string authority;  ///< the Host field; empty: the endpoint's own words
    std::string path = "/";
    std::uint32_t connections = 64;
    count_limit requests_per_connection = count_limit::unlimited();
    std::uint32_t pipelining = 1;  ///< requests on their way at once on a connection
    closer ends = closer::client;
    std::optional<double> rate;  ///< requests a second, over all threads: an open loop. None: a closed loop
    arrival spacing = arrival::fixed;
    duration warm_up = std::chrono::seconds(1);
    duration measured = std::chrono::seconds(10);
    duration patience = std::chrono::seconds(10);  ///< for a handshake and for an answer
    std::uint32_t threads = 1;
    std::uint64_t seed = 1;
    std::string samples;  ///< a file that gets a line a request: intended, sent and answered, in ns; empty: none
};

/// The measured phase, as it is going to be.
struct phase {
    time_point from{};  ///< monotonic: the same clock in every process of this machine
    time_point until{};
    friend bool operator==(const phase&, const phase&) = default;
};

/// Why a request was not answered, or a connection not made. Each failure is counted once.
enum class failure {
    no_port,      ///< EADDRNOTAVAIL: no local port is left for this server
    refused,      ///< ECONNREFUSED
    no_route,     ///< any other failure of connect()
    descriptors,  ///< EMFILE, ENFILE
    reset,        ///< RST before the response was whole
    eof,          ///< FIN before the response was whole
    silence,      ///< nothing came within order::patience
    not_http,     ///< what came is no HTTP/1.x response
    surplus,      ///< bytes behind the response: longer than announced
    status,       ///< answered, with 400 or above
};

/// First FINs by what this side's socket was just before its own close: CLOSE_WAIT proves that the server was first;
/// ESTABLISHED says the client was, but for FINs that cross. Of a connection the server reset, nobody's.
struct closes {
    std::uint64_t client = 0;
    std::uint64_t server = 0;
    std::uint64_t reset_by_client = 0;
    std::uint64_t reset_by_server = 0;
    std::uint64_t unknown = 0;  ///< the kernel did not say

    friend bool operator==(const closes&, const closes&) = default;
};

struct latencies {
    duration p50{}, p90{}, p99{}, p999{}, max{};
    friend bool operator==(const latencies&, const latencies&) = default;
};

/// What the load side says of its measured phase.
struct report {
    time_point began{};
    duration lasted{};           ///< the phase as it really was
    std::uint64_t requests = 0;  ///< answered in whole within the phase
    std::uint64_t opened = 0;    ///< connections made within the phase
    std::uint64_t unsent = 0;    ///< open loop: due within the phase, and no connection was free to its end
    std::uint64_t bytes = 0;     ///< received
    latencies
        latency;  ///< closed loop: from the send; open loop: from the intended start, what had no answer by its wait
    duration send_delay_p99{};  ///< open loop: from the intended start to the send
    duration cpu{};             ///< user and system time of this process, every thread
    duration starved{};         ///< its threads could have run and had no CPU (/proc/PID/task/TID/schedstat)
    std::map<failure, std::uint64_t> failures;
    closes first;
    std::uint64_t open_at_end = 0;
};

[[nodiscard]] std::string to_json(const order& what);
[[nodiscard]] std::string to_json(const phase& what);
[[nodiscard]] std::string to_json(const report& what);
[[nodiscard]] result<order> parse_order(std::string_view json);
[[nodiscard]] result<phase> parse_phase(std::string_view json);
[[nodiscard]] result<report> parse_report(std::string_view json);

}  // namespace firstfin::load

namespace firstfin {
template <>
inline constexpr std::array names_of<load::closer> = {enum_name<load::closer>{load::closer::client, "client"},
                                                      enum_name<load::closer>{load::closer::server, "server"},
                                                      enum_name<load::closer>{load::closer::reset, "reset"}};
template <>
inline constexpr std::array names_of<load::arrival> = {enum_name<load::arrival>{load::arrival::fixed, "fixed"},
                                                       enum_name<load::arrival>{load::arrival::poisson, "poisson"}};
template <>
inline constexpr std::array names_of<load::failure> = {
    enum_name<load::failure>{load::failure::no_port, "no_port"},
    enum_name<load::failure>{load::failure::refused, "refused"},
    enum_name<load::failure>{load::failure::no_route, "no_route"},
    enum_name<load::failure>{load::failure::descriptors, "descriptors"},
    enum_name<load::failure>{load::failure::reset, "reset"},
    enum_name<load::failure>{load::failure::eof, "eof"},
    enum_name<load::failure>{load::failure::silence, "silence"},
    enum_name<load::failure>{load::failure::not_http, "not_http"},
    enum_name<load::failure>{load::failure::surplus, "surplus"},
    enum_name<load::failure>{load::failure::status, "status"}};
}  // namespace firstfin
