#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <deque>
#include <functional>

#include "harness/capture_reading/connection.hpp"

namespace firstfin::capture_reading {

/// Both ends of a segment, the same whoever sent it. IPv4 in its mapped form (RFC 4291 2.5.5.2).
struct end_pair {
    std::array<std::uint64_t, 4> addresses{};
    std::uint32_t ports = 0;

    [[nodiscard]] static end_pair of(const witness::packet& seen);
    friend bool operator==(const end_pair&, const end_pair&) = default;
};
struct end_pair_hash {
    using is_avalanching = void;
    std::size_t operator()(const end_pair& key) const;
};

/// Sorts segments into connections and hands over each connection's record when it is over: memory is for connections
/// that live, not for those of the whole capture. Some seconds are left for what may still arrive.
class connection_table {
public:
    using on_finished = std::function<void(const connection_record&)>;

    /// With `server_port` only connections whose server has that port are followed.
    connection_table(std::optional<std::uint16_t> server_port, on_finished finished);

    /// `at` since 1970; `payload`: what was captured of it.
    void add(duration at, const witness::packet& seen, std::span<const std::uint8_t> payload);
    /// The capture is at its end: hands over the rest, in order of first segments.
    void finish();

    [[nodiscard]] std::uint64_t connections() const { return numbered_; }

private:
    using slot = std::uint32_t;
    static constexpr slot finished_before = ~slot{0};  ///< only stray segments of this pair are expected

    struct appointment {
        duration at;
        std::uint64_t number;
        end_pair key;
    };
    void begin(const end_pair& key, duration at, const witness::packet& seen, std::span<const std::uint8_t> payload);
    void hand_over(slot which);
    void keep_appointments();
    [[nodiscard]] connection* find(const appointment& due);

    std::optional<std::uint16_t> server_port_;
    on_finished finished_;
    duration now_{};
    std::uint64_t numbered_ = 0;
    boost::unordered_flat_map<end_pair, slot, end_pair_hash> by_ends_;
    std::deque<std::optional<connection>> living_;
    std::vector<slot> free_;
    std::deque<appointment> over_;        ///< over: to be handed over
    std::deque<appointment> unanswered_;  ///< SYNs that nobody may ever answer
    std::deque<appointment> strays_;      ///< handed over: to be forgotten
};

}  // namespace firstfin::capture_reading
