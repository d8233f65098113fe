#include "harness/capture_reading/summary.hpp"

#include <algorithm>

namespace firstfin::capture_reading {

void capture_counts::add(const connection_record& one) {
    if (one.kind != connection_kind::connection) {
        ++(one.kind == connection_kind::refused ? refused : unanswered);
        return;
    }
    ++connections;
    requests += one.requests;
    lost.add(one.lost);
    if (one.ending) ending.add(*one.ending);
    const auto closer = one.closed_first();
    if (!closer) {
        ++unknown;
        return;
    }
    closed_first.add(*closer);
    if (one.idle_at_close < duration::zero()) return;
    if (*closer == party::server || *closer == party::client)
        idle_at_close[static_cast<std::size_t>(*closer == party::server ? side::server : side::client)].push_back(
            one.idle_at_close);
}

std::optional<report::spread> capture_counts::idle_of(side closer) const {
    auto values = idle_at_close[static_cast<std::size_t>(closer)];
    return report::spread_of(values);
}

std::optional<report::spread> capture_counts::idle() const {
    auto values = idle_at_close[0];
    values.insert(values.end(), idle_at_close[1].begin(), idle_at_close[1].end());
    return report::spread_of(values);
}

void summary::keep(std::vector<connection_record>& list, const connection_record& one) const {
    constexpr std::size_t slack = 64;
    if (limit_ == 0) return;
    list.push_back(one);
    // Trimmed now and then, not at every record.
    if (limit_ > list.max_size() / 2 || list.size() < 2 * limit_ + slack) return;
    const auto last = list.begin() + static_cast<std::ptrdiff_t>(limit_);
    std::ranges::nth_element(list, last, {}, &connection_record::number);
    list.erase(last, list.end());
}

void summary::add(const connection_record& one) {
    total_.add(one);
    first_began_ = std::min(first_began_, one.began);
    last_ended_ = std::max(last_ended_, one.began + one.lasted);
    if (one.kind == connection_kind::connection) {
        servers_[one.ends.server].add(one);
        if (one.unknown != capture_gap::none) ++gaps_[static_cast<std::size_t>(one.unknown)];
        server_by_.add(one.server_by);
        if (one.counted_by == request_basis::turns && one.requests != 0) ++counted_by_turns_;
        if (one.impossible) ++impossible_;
    }
    keep(one.is_finding() ? with_findings_ : others_, one);
}

std::vector<connection_record> summary::listed() const {
    auto out = with_findings_;
    std::ranges::sort(out, {}, &connection_record::number);
    auto rest = others_;
    std::ranges::sort(rest, {}, &connection_record::number);
    out.insert(out.end(), rest.begin(), rest.end());
    if (out.size() > limit_) out.resize(limit_);
    return out;
}

}  // namespace firstfin::capture_reading
