#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "harness/bench/result.hpp"
#include "harness/witness/packet.hpp"

namespace firstfin::bench {

/// Counts who sent the first FIN, from a capture at the client's end that holds SYN, FIN and RST alone. The decision
/// is by acknowledgment numbers, as in verdict/wire_reader: the FIN that the other FIN acknowledges came first; neither
/// acknowledges the other: both. Pure ACKs are not needed for that.
///
/// RST: whoever sends one before any FIN has ended the connection, and it is counted as reset by that side. Once a FIN
/// is there the close is the FIN's sender's, whatever follows: a RST that answers it (unread data, a request into a
/// closed socket) says how the other end took it, not who began. A RST that crosses a FIN counts in the order of the
/// capture. After both FINs a RST changes nothing.
///
/// A connection begins with its SYN and its SYN-ACK. FIN and RST of any other are left out (`strays`): late copies,
/// and connections older than the capture. Copies of a FIN first seen on a lossy link may know more than the lost
/// original did; where segments are retransmitted, `both` may be too small.
///
/// Memory: one entry a connection that is open, at most `limit`.
class first_fin_tally {
public:
    static constexpr std::size_t default_limit = 1 << 18;

    explicit first_fin_tally(const endpoint& server, std::size_t limit = default_limit);

    /// In the capture's order. Segments of other endpoints are left out.
    void add(const witness::packet& seen);

    /// All that ended so far, and those of which one side's FIN has been seen: that side was first. Unknown: a newer
    /// connection took the place of one whose end nobody saw, two FINs that each acknowledge the other, and those
    /// beyond the limit.
    [[nodiscard]] first_fins ended() const;
    /// Connections with neither FIN nor RST yet.
    [[nodiscard]] std::uint64_t open() const;
    /// SYNs that were never answered by a SYN-ACK, refused ones among them: no connections.
    [[nodiscard]] std::uint64_t attempts() const { return attempts_; }
    /// FIN and RST that belong to no connection seen opening.
    [[nodiscard]] std::uint64_t strays() const { return strays_; }

private:
    struct fin {
        std::uint32_t seq;
        std::uint32_t ack;
    };
    struct connection {
        std::uint32_t syn_seq;  ///< another one on the same ports is a newer connection
        bool answered = false;
        std::optional<fin> from_server{};  ///< first copies
        std::optional<fin> from_client{};
    };
    struct endpoint_hash {
        std::size_t operator()(const endpoint& one) const;
    };
    using table = std::unordered_map<endpoint, connection, endpoint_hash>;  // the server is the same for all

    void open(const endpoint& client, const witness::packet& syn);
    void take_end(table::iterator at, const witness::packet& seen, bool from_server);
    void finish(table::iterator at);
    static void count(const connection& one, first_fins& into);

    endpoint server_;
    std::size_t limit_;
    table connections_;
    first_fins ended_;
    std::uint64_t attempts_ = 0;
    std::uint64_t strays_ = 0;
};

}  // namespace firstfin::bench
