#pragma once

#include <optional>
#include <span>

#include "harness/capture_reading/connection_record.hpp"
#include "harness/verdict/wire_reader.hpp"
#include "harness/witness/packet.hpp"

namespace firstfin::capture_reading {

/// A connection while its segments come in: constant size, however long it lives.
class connection {
public:
    /// From its first captured segment. `server_port`: the caller's word on which port serves.
    connection(std::uint64_t number, duration at, const witness::packet& first, payload_kind what,
               std::optional<std::uint16_t> server_port);

    /// A SYN that cannot belong to this connection: the same addresses and ports begin anew.
    [[nodiscard]] bool is_succeeded_by(const witness::packet& seen) const;
    /// What a segment of this connection may change: sides, order, counts.
    void add(duration at, const witness::packet& seen, std::span<const std::uint8_t> payload);

    [[nodiscard]] bool is_over() const { return reader_.is_over(); }
    /// Nothing but SYNs so far.
    [[nodiscard]] bool is_unanswered() const { return kind() == connection_kind::unanswered; }
    [[nodiscard]] duration last_seen() const { return began_ + lasted_; }
    [[nodiscard]] const endpoint& server() const { return server_; }
    [[nodiscard]] std::uint64_t number() const { return number_; }

    [[nodiscard]] connection_record record() const;

private:
    void learn_sides(const witness::packet& seen, payload_kind what);
    [[nodiscard]] side sender_of(const witness::packet& seen) const {
        return seen.source == server_ ? side::server : side::client;
    }
    [[nodiscard]] connection_kind kind() const;
    [[nodiscard]] loss lost_request(const wire_reading& wire, const connection_record& so_far) const;

    std::uint64_t number_;
    endpoint client_;
    endpoint server_;
    server_evidence server_by_ = server_evidence::none;
    std::uint32_t segments_ = 0;
    duration began_;
    duration lasted_{};
    std::array<std::optional<std::uint32_t>, 2> first_number_;  ///< of each side's SYN
    wire_reader reader_;
    request_counter requests_;
};

}  // namespace firstfin::capture_reading
