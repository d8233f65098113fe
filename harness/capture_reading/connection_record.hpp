#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/endpoint.hpp"
#include "core/text_value.hpp"
#include "harness/capture_reading/request_counter.hpp"
#include "harness/verdict/wire_reading.hpp"

namespace firstfin::capture_reading {

/// How it was found out which end is the server; the first that applies.
enum class server_evidence : std::uint8_t {
    none,        ///< both ports are the same and nothing else tells
    lower_port,  ///< the end with the well-known or lower port: a guess
    http,        ///< it received a request or sent a response
    port_given,  ///< by the caller
    syn,
};

enum class connection_kind : std::uint8_t {
    connection,
    refused,     ///< a SYN that met a RST
    unanswered,  ///< a SYN that met nothing
};

/// A request that got no answer because the server closed (DESIGN: lost).
enum class loss : std::uint8_t {
    none,
    stale_reuse,  ///< it acknowledges the server's FIN: avoidable
    true_race,    ///< the server's FIN or RST was on its way: unavoidable
    undecided,    ///< the server's FIN, if any, is not in the capture
};

enum class close_sign : std::uint8_t { none, fin, rst };

/// All that is kept of a connection once it is over.
struct connection_record {
    four_tuple ends;
    std::uint64_t number = 0;  ///< in the order of first segments
    duration began{};          ///< since 1970, by the capture's clock
    duration lasted{};         ///< first to last segment
    duration idle_at_close{
        -1};  ///< last payload byte of either side (or handshake) to the first FIN or RST; negative: not known
    std::uint32_t segments = 0;
    std::uint32_t requests = 0;
    request_basis counted_by = request_basis::turns;
    server_evidence server_by = server_evidence::none;
    connection_kind kind = connection_kind::connection;
    party first_fin = party::none;  ///< of no worth where `unknown` says why
    capture_gap unknown = capture_gap::none;
    party reset = party::none;
    std::optional<firstfin::ending> ending;  ///< nothing: not known
    loss lost = loss::none;
    bool reset_destroyed_request = false;
    bool mid_connection = false;  ///< the capture does not show its beginning
    bool one_direction = false;
    bool impossible = false;  ///< each FIN acknowledges the other

    [[nodiscard]] bool order_is_known() const {
        return unknown == capture_gap::none && server_by != server_evidence::none;
    }
    /// Who sent the first FIN or, without any FIN, the RST; nothing: not known.
    [[nodiscard]] std::optional<party> closed_first() const;
    [[nodiscard]] close_sign closed_by() const;
    [[nodiscard]] bool is_finding() const { return lost != loss::none || impossible; }
};

}  // namespace firstfin::capture_reading

namespace firstfin {

template <>
inline constexpr std::array names_of<capture_reading::server_evidence> = {
    enum_name<capture_reading::server_evidence>{capture_reading::server_evidence::none, "none"},
    enum_name<capture_reading::server_evidence>{capture_reading::server_evidence::lower_port, "lower_port"},
    enum_name<capture_reading::server_evidence>{capture_reading::server_evidence::http, "http"},
    enum_name<capture_reading::server_evidence>{capture_reading::server_evidence::port_given, "port_given"},
    enum_name<capture_reading::server_evidence>{capture_reading::server_evidence::syn, "syn"}};
template <>
inline constexpr std::array names_of<capture_reading::connection_kind> = {
    enum_name<capture_reading::connection_kind>{capture_reading::connection_kind::connection, "connection"},
    enum_name<capture_reading::connection_kind>{capture_reading::connection_kind::refused, "refused"},
    enum_name<capture_reading::connection_kind>{capture_reading::connection_kind::unanswered, "unanswered"}};
template <>
inline constexpr std::array names_of<capture_reading::loss> = {
    enum_name<capture_reading::loss>{capture_reading::loss::none, "none"},
    enum_name<capture_reading::loss>{capture_reading::loss::stale_reuse, "stale_reuse"},
    enum_name<capture_reading::loss>{capture_reading::loss::true_race, "true_race"},
    enum_name<capture_reading::loss>{capture_reading::loss::undecided, "undecided"}};
template <>
inline constexpr std::array names_of<capture_reading::close_sign> = {
    enum_name<capture_reading::close_sign>{capture_reading::close_sign::none, "none"},
    enum_name<capture_reading::close_sign>{capture_reading::close_sign::fin, "fin"},
    enum_name<capture_reading::close_sign>{capture_reading::close_sign::rst, "rst"}};

}  // namespace firstfin
