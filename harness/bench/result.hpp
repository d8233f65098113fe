#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/load_protocol.hpp"

// What a benchmark of connection reuse found: values, written to bench.json in the run's folder and read back.

namespace firstfin::bench {

enum class target_kind {
    builtin,  ///< firstfin-server
    nginx,    ///< the real one
    url,      ///< whatever serves there
};

/// One row of the benchmark.
struct bench_case {
    std::string name;  ///< unique in its run: "builtin/64/inf"
    target_kind target = target_kind::builtin;
    std::string where;  ///< the URL, of a target that is one
    std::uint32_t connections = 64;
    count_limit requests_per_connection = count_limit::unlimited();
    std::uint32_t pipelining = 1;
    load::closer ends = load::closer::client;
    std::optional<double> rate;  ///< requests a second; none: a closed loop
    load::arrival spacing = load::arrival::fixed;
    std::map<std::string, std::string> sysctls;  ///< of the client's network, where the case sets some

    friend bool operator==(const bench_case&, const bench_case&) = default;
};

/// Who sent the first FIN (or a RST instead of one), over all connections that ended in the run.
struct first_fins {
    std::uint64_t client = 0;
    std::uint64_t server = 0;
    std::uint64_t both = 0;
    std::uint64_t reset_by_client = 0;
    std::uint64_t reset_by_server = 0;
    std::uint64_t unknown = 0;  ///< nobody saw it: never to be read as none
    std::string witness;        ///< "states": the sockets before their own close; "wire": a capture of SYN, FIN, RST

    friend bool operator==(const first_fins&, const first_fins&) = default;
};

/// Sockets in TIME_WAIT at a moment of the measured phase. A population, not a count of closes: entries are taken over.
struct population {
    duration at{};                        ///< since the phase began
    std::optional<std::uint64_t> client;  ///< none: that side cannot be seen
    std::optional<std::uint64_t> server;
    std::optional<std::uint64_t> ports;  ///< distinct local ports that the client's sockets hold, TIME_WAIT included

    friend bool operator==(const population&, const population&) = default;
};

/// One run of one case.
struct repetition {
    std::uint32_t round = 0;  ///< from 0: a round has every case once, in an order of its own
    duration lasted{};
    std::uint64_t requests = 0;
    std::uint64_t opened = 0;
    std::uint64_t unsent = 0;
    load::latencies latency;
    std::optional<duration> client_cpu;
    std::optional<duration> server_cpu;
    std::optional<std::uint64_t> segments;  ///< sent by both sides within the phase
    std::vector<population> time_wait;      ///< in time's order
    first_fins first;
    std::map<std::string, std::uint64_t> errors;  ///< by load::failure's name; classes that did not occur are absent
    std::vector<std::string> discard;             ///< why this repetition is no measurement; empty: it is one

    [[nodiscard]] double requests_per_s() const {
        return lasted.count() > 0 ? static_cast<double>(requests) / seconds_of(lasted) : 0;
    }

    friend bool operator==(const repetition&, const repetition&) = default;
};

struct case_result {
    bench_case what;
    std::vector<repetition> repetitions;

    friend bool operator==(const case_result&, const case_result&) = default;
};

struct bench_run {
    std::string command;  ///< as typed
    std::string started;  ///< UTC, ISO 8601
    bool complete = true;
    std::map<std::string, std::string> environment;  ///< kernel, cpus, programs, sysctls that matter
    std::vector<case_result> cases;                  ///< in the order asked

    friend bool operator==(const bench_run&, const bench_run&) = default;
};

}  // namespace firstfin::bench

namespace firstfin {
template <>
inline constexpr std::array names_of<bench::target_kind> = {
    enum_name<bench::target_kind>{bench::target_kind::builtin, "builtin"},
    enum_name<bench::target_kind>{bench::target_kind::nginx, "nginx"},
    enum_name<bench::target_kind>{bench::target_kind::url, "url"}};
}  // namespace firstfin
