#pragma once

#include <optional>
#include <span>
#include <string>

#include "harness/verdict/verdict.hpp"

namespace firstfin {

/// What a capture may lack, so that the order of the FINs cannot be known from it.
enum class capture_gap : std::uint8_t {
    none,
    one_direction,      ///< only one side's segments are there
    mid_connection,     ///< a side shows neither its beginning nor a byte of payload: it may have closed before
    segments_missing,   ///< the other side acknowledges more than was captured: the missing end may hold a FIN
    first_fin_missing,  ///< only a retransmission of a FIN is there, and it knows of the other FIN: the first may not
                        ///< have
};
template <>
inline constexpr std::array names_of<capture_gap> = {
    enum_name<capture_gap>{capture_gap::none, "none"},
    enum_name<capture_gap>{capture_gap::one_direction, "one direction only"},
    enum_name<capture_gap>{capture_gap::mid_connection, "begins in mid-connection"},
    enum_name<capture_gap>{capture_gap::segments_missing, "segments are missing from the capture"},
    enum_name<capture_gap>{capture_gap::first_fin_missing, "the first copy of a FIN is missing"}};

/// What the segments of one connection say, by sequence and acknowledgment numbers.
struct wire_reading {
    bool handshake = false;         ///< SYN, SYN+ACK and the client's ACK were seen
    party first_fin = party::none;  ///< the FIN that the other FIN acknowledges came first
    std::optional<witness::segment> server_fin;
    std::optional<witness::segment> client_fin;
    std::optional<witness::segment> first_reset;
    bool reset_destroyed_request = false;
    /// The RST came when both FINs were acknowledged: it ended no connection, only perhaps a TIME_WAIT (RFC 1337).
    bool reset_after_close = false;
    std::optional<duration> idle_at_close;     ///< last response byte (or handshake) to the first FIN or RST
    std::optional<duration> quiet_before_end;  ///< last payload byte of either side, likewise
    /// How often each side spoke after the other had: requests and answers, where nothing is pipelined.
    std::uint32_t client_turns = 0;
    std::uint32_t server_turns = 0;
    bool last_request_unanswered = false;
    bool last_request_acknowledges_server_fin = false;
    /// The server used more sequence numbers after that request than a FIN needs: its answer may be what was not
    /// captured.
    bool answer_may_be_missing = false;
    std::string fault;       ///< a hole in the capture; empty: none
    std::string impossible;  ///< acknowledgment numbers that contradict themselves; empty: none
    /// For captures of strangers, whose holes void no trial: why first_fin is not to be believed; none: it is.
    capture_gap order_unknown = capture_gap::none;

    [[nodiscard]] std::string first_fin_in_words() const;
    /// As if there were no RST.
    [[nodiscard]] ending ending_by_fins() const;
};

[[nodiscard]] wire_reading read_wire(std::span<const witness::segment> segments);

}  // namespace firstfin
