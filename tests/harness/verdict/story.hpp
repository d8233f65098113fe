#pragma once

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "harness/verdict/verdict.hpp"

namespace firstfin::testing {

/// Writes a timeline as a story: who does what, with sequence numbers kept the way two TCPs would. Each step is a
/// millisecond after the one before it. `crossed` steps acknowledge what the sender had seen before the last step.
class story {
public:
    story();

    /// SYN, SYN+ACK, ACK; and what both subjects say of it.
    story& handshake();
    story& data(side from, std::uint32_t bytes);
    story& ack(side from);
    story& fin(side from);
    /// A FIN sent before the peer's last segment arrived.
    story& crossed_fin(side from);
    story& crossed_data(side from, std::uint32_t bytes);
    story& rst(side from);
    /// The FIN of `from` once more, acknowledging all that has been heard by now.
    story& fin_again(side from);

    story& request();   ///< request on the wire and in the client's events
    story& response();  ///< response on the wire and in the client's events
    story& request_event(bool pending_fin = false);
    story& close(side from, role::close_reason reason, tcp_state before = tcp_state::established);
    story& says(side from, role::event_kind kind);
    story& table(side of, std::optional<tcp_state> state);
    story& after(duration pause);
    story& fault(std::string why);
    story& no_wire();
    /// The capture missed the last segment.
    story& lose_last_segment();

    [[nodiscard]] const witness::timeline& told() const { return seen_; }
    [[nodiscard]] verdict verdict_on() const { return judge(seen_); }

private:
    struct end {
        std::uint32_t next = 0;   ///< next sequence number
        std::uint32_t heard = 0;  ///< next expected from the peer
        std::uint32_t heard_before = 0;
    };
    end& own(side one) { return ends_[static_cast<std::size_t>(one)]; }
    void send(side from, std::uint8_t flags, std::uint32_t payload, std::uint32_t ack, bool heard_by_peer);
    void tick() { now_ += std::chrono::milliseconds(1); }

    witness::timeline seen_;
    time_point now_{std::chrono::seconds(100)};
    std::array<end, 2> ends_;
};

}  // namespace firstfin::testing
