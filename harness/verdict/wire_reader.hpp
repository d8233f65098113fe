#pragma once

#include <array>

#include "harness/verdict/wire_reading.hpp"

namespace firstfin {

/// Reads a connection's segments one by one, in the order of the capture, and keeps only what the reading needs: a
/// connection of a week takes as much memory as one of a second. Both ends are followed alike, so that who is the
/// server may turn out late.
class wire_reader {
public:
    void add(const witness::segment& one);
    /// What was taken for the server is the client, in everything added so far.
    void swap_sides();
    [[nodiscard]] wire_reading reading() const;

    [[nodiscard]] bool has_both_directions() const { return of(side::server).seen && of(side::client).seen; }
    [[nodiscard]] bool has_syn() const { return syn_ || syn_ack_; }
    [[nodiscard]] bool has_syn_ack() const { return syn_ack_; }
    /// A segment that only a connection has, not an attempt at one: neither SYN nor RST.
    [[nodiscard]] bool has_more_than_syns() const { return more_than_syns_; }
    [[nodiscard]] std::optional<side> reset_by() const {
        return first_reset_ ? std::optional(first_reset_->from) : std::nullopt;
    }
    /// Payload or a FIN.
    [[nodiscard]] bool has_content() const { return of(side::server).spoke() || of(side::client).spoke(); }
    /// New payload, neither a retransmission nor a keepalive probe; ask before `add`.
    [[nodiscard]] bool brings_payload(const witness::segment& one) const { return of(one.from).brings(one); }
    /// Both FINs are acknowledged, or somebody reset.
    [[nodiscard]] bool is_over() const;

private:
    struct end {
        bool seen = false;
        bool fin_acknowledged = false;
        bool fin_is_late_copy = false;               ///< numbers beyond this FIN were in use before it was captured
        std::optional<std::uint32_t> next;           ///< the first sequence number not yet seen
        std::optional<std::uint32_t> content;        ///< the end of the captured SYN, payload and FIN
        std::optional<std::uint32_t> reach;          ///< the furthest number in use, by own segments or the peer's ACKs
        std::optional<std::uint32_t> used;           ///< likewise, without what the peer's FIN acknowledges
        std::optional<witness::segment> fin;         ///< the first copy: a retransmission may acknowledge more
        std::optional<witness::segment> unanswered;  ///< the first payload since the peer's last payload
        std::uint32_t turns = 0;                     ///< times it spoke after the peer had
        std::uint32_t answer_from = 0;               ///< where the peer's answer to it would begin
        std::optional<time_point> last_payload;      ///< before the first FIN or RST

        [[nodiscard]] bool brings(const witness::segment& one) const;
        [[nodiscard]] bool has_sent(std::uint32_t ack) const;
        [[nodiscard]] bool spoke() const { return fin || last_payload || unanswered; }
        [[nodiscard]] bool may_have_sent_more() const;
        bool follows(const witness::segment& one);
        void takes_content(const witness::segment& one);
        void is_acknowledged_by(const witness::segment& one);
    };
    [[nodiscard]] end& of(side one) { return ends_[static_cast<std::size_t>(one)]; }
    [[nodiscard]] const end& of(side one) const { return ends_[static_cast<std::size_t>(one)]; }
    void take_payload(const witness::segment& one);
    void take_end(const witness::segment& one);
    void order_fins(wire_reading& out) const;
    [[nodiscard]] capture_gap hidden_fin() const;

    std::array<end, 2> ends_;
    bool syn_ = false;
    bool syn_ack_ = false;
    bool more_than_syns_ = false;
    bool hole_ = false;
    bool reset_after_close_ = false;
    std::array<bool, 2> unanswered_at_reset_{};
    std::optional<time_point> handshake_;
    std::optional<witness::segment> first_reset_;
    std::optional<time_point> first_end_;
};

}  // namespace firstfin
