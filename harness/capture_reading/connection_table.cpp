#include "harness/capture_reading/connection_table.hpp"

#include <algorithm>
#include <cstring>

namespace firstfin::capture_reading {

using witness::packet;

namespace {

using namespace std::chrono_literals;

// For retransmissions and for segments that a capture shows out of order.
constexpr duration after_the_end = 10s;
// Linux repeats a SYN for 127 s (tcp_syn_retries 6).
constexpr duration patience_with_a_syn = 130s;
// Two maximum segment lifetimes (RFC 9293 3.4.2): later, nothing of the old connection is about.
constexpr duration strays_last = 240s;
// A flood of SYNs from invented addresses must not fill the memory: beyond these many the oldest go early.
constexpr std::size_t most_unanswered = 200'000;
constexpr std::size_t most_strays = 1'000'000;

std::array<std::uint64_t, 2> words_of(const address& from) {
    std::array<std::uint64_t, 2> out{};
    if (from.is_v4()) {
        out[1] = 0xffff'0000'0000ULL | from.to_v4().to_uint();
    } else {
        const auto bytes = from.to_v6().to_bytes();
        std::memcpy(out.data(), bytes.data(), bytes.size());
    }
    return out;
}

std::uint64_t mixed(std::uint64_t value) {
    value ^= value >> 32;
    value *= 0xd6e8'feb8'6659'fd93ULL;
    value ^= value >> 32;
    value *= 0xd6e8'feb8'6659'fd93ULL;
    return value ^ value >> 32;
}

}  // namespace

end_pair end_pair::of(const packet& seen) {
    const auto from = words_of(seen.source.address());
    const auto to = words_of(seen.destination.address());
    const auto from_port = seen.source.port();
    const auto to_port = seen.destination.port();
    const bool in_order = std::tie(from, from_port) <= std::tie(to, to_port);
    const auto& low = in_order ? from : to;
    const auto& high = in_order ? to : from;
    const std::uint32_t ports =
        in_order ? std::uint32_t{from_port} << 16 | to_port : std::uint32_t{to_port} << 16 | from_port;
    return {{low[0], low[1], high[0], high[1]}, ports};
}

std::size_t end_pair_hash::operator()(const end_pair& key) const {
    std::uint64_t hash = key.ports;
    for (const auto word : key.addresses)
        hash = mixed(hash + word);
    return static_cast<std::size_t>(hash);
}

connection_table::connection_table(std::optional<std::uint16_t> server_port, on_finished finished)
    : server_port_(server_port), finished_(std::move(finished)) {}

void connection_table::add(duration at, const packet& seen, std::span<const std::uint8_t> payload) {
    if (server_port_ && seen.source.port() != *server_port_ && seen.destination.port() != *server_port_) return;
    now_ = std::max(now_, at);
    const auto key = end_pair::of(seen);
    const auto found = by_ends_.find(key);
    if (found == by_ends_.end()) {
        begin(key, at, seen, payload);
    } else if (found->second == finished_before) {
        if ((seen.flags & witness::tcp_flag::syn) != 0) begin(key, at, seen, payload);
    } else {
        auto& one = *living_[found->second];
        if (one.is_succeeded_by(seen)) {
            hand_over(found->second);
            begin(key, at, seen, payload);
        } else {
            const bool was_over = one.is_over();
            one.add(at, seen, payload);
            if (!was_over && one.is_over()) over_.push_back({now_ + after_the_end, one.number(), key});
        }
    }
    keep_appointments();
}

void connection_table::begin(const end_pair& key, duration at, const packet& seen,
                             std::span<const std::uint8_t> payload) {
    if (free_.empty()) {
        free_.push_back(static_cast<slot>(living_.size()));
        living_.emplace_back();
    }
    const auto which = free_.back();
    free_.pop_back();
    const auto what = seen.payload == 0 ? payload_kind::unseen : kind_of_payload(payload, seen.payload);
    auto& one = living_[which].emplace(++numbered_, at, seen, what, server_port_);
    one.add(at, seen, payload);
    by_ends_[key] = which;
    if (one.is_over()) over_.push_back({now_ + after_the_end, one.number(), key});
    if (one.is_unanswered()) unanswered_.push_back({now_ + patience_with_a_syn, one.number(), key});
}

void connection_table::hand_over(slot which) {
    auto& one = living_[which];
    if (!server_port_ || one->server().port() == *server_port_) finished_(one->record());
    one.reset();
    free_.push_back(which);
}

connection* connection_table::find(const appointment& due) {
    const auto found = by_ends_.find(due.key);
    if (found == by_ends_.end() || found->second == finished_before) return nullptr;
    auto& one = *living_[found->second];
    return one.number() == due.number ? &one : nullptr;
}

void connection_table::keep_appointments() {
    const auto retire = [this](const appointment& due) {
        auto& which = by_ends_.find(due.key)->second;
        hand_over(which);
        which = finished_before;
        strays_.push_back({now_ + strays_last, due.number, due.key});
    };
    const auto is_due = [this](const std::deque<appointment>& queue, std::size_t most) {
        return !queue.empty() && (queue.front().at <= now_ || queue.size() > most);
    };
    for (; is_due(over_, over_.max_size()); over_.pop_front())
        if (find(over_.front()) != nullptr) retire(over_.front());
    for (; is_due(unanswered_, most_unanswered); unanswered_.pop_front()) {
        const auto* one = find(unanswered_.front());
        if (one != nullptr && one->is_unanswered()) retire(unanswered_.front());
    }
    for (; is_due(strays_, most_strays); strays_.pop_front()) {
        const auto found = by_ends_.find(strays_.front().key);
        if (found != by_ends_.end() && found->second == finished_before) by_ends_.erase(found);
    }
}

void connection_table::finish() {
    std::vector<slot> rest;
    for (slot which = 0; which < living_.size(); ++which)
        if (living_[which]) rest.push_back(which);
    std::ranges::sort(rest, {}, [this](slot which) { return living_[which]->number(); });
    for (const auto which : rest)
        hand_over(which);
    by_ends_.clear();
}

}  // namespace firstfin::capture_reading
