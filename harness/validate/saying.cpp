#include "harness/validate/saying.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "harness/report/terminal_text.hpp"

namespace firstfin::validate {

namespace {

constexpr std::size_t named_peers = 4;

std::string limit_of(const peer& one) {
    const auto limit = one.flow_limit();
    return limit.is_never() ? "no limit" : to_text(limit);
}

/// Clients that follow this hint are gone before `limit`.
bool fits(std::chrono::seconds hint, const client_hop& hop, duration limit) {
    return hint < limit && std::ranges::none_of(hop.peers, [&](const peer& one) {
               if (one.what.role != profile_role::client || one.what.client->hint != hint_use::follow) return false;
               const auto window = idle_close_window(*one.what.client, hint);
               return window && window->latest >= limit;
           });
}

}  // namespace

std::string timeout_directive(const client_hop& hop, duration limit) {
    const auto& values = hop.values();
    const auto hint = values.keepalive_header;
    const bool same_directive = !hint.is_default() && hint.where == values.keepalive_timeout.where;
    if (!same_directive) return "keepalive_timeout " + as_nginx_time(limit);
    const auto now = std::chrono::seconds(hint.value);
    return fmt::format("keepalive_timeout {} {}s", as_nginx_time(limit),
                       (fits(now, hop, limit) ? now : hint_fitting(hop, limit)).count());
}

std::string in_words(const std::vector<const peer*>& peers) {
    std::string out;
    for (std::size_t i = 0; i < peers.size(); ++i) {
        if (i == named_peers && peers.size() > named_peers + 1)
            return out + fmt::format(" and {} more", peers.size() - named_peers);
        out += fmt::format("{}{} ({})", i == 0 ? "" : ", ", peers[i]->id, limit_of(*peers[i]));
    }
    return out;
}

std::vector<std::string> ids_of(const std::vector<const peer*>& peers) {
    std::vector<std::string> out;
    for (const auto* one : peers)
        out.push_back(one->id);
    return out;
}

std::string least_confidence(const std::vector<const peer*>& peers) {
    constexpr std::array<std::string_view, 3> from_weak{"secondary", "documented", "read in source"};
    for (const auto level : from_weak)
        for (const auto* one : peers)
            if (one->what.confidence == level) return std::string(level);
    return peers.empty() ? std::string() : peers.front()->what.confidence;
}

std::string count_in_words(double count) {
    if (count < 9.95 && count != std::floor(count)) return fmt::format("{:.1f}", count);
    return report::grouped(static_cast<std::uint64_t>(std::llround(count)));
}

std::string seconds_up(duration value) {
    return fmt::format("{}s", std::chrono::ceil<std::chrono::seconds>(value).count());
}

std::string as_nginx_time(duration value) {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(value).count();
    return ms % 1000 == 0 ? fmt::format("{}s", ms / 1000) : fmt::format("{}ms", ms);
}

std::chrono::seconds hint_below(duration limit) {
    using std::chrono::floor;
    using std::chrono::seconds;
    const auto five_before = floor<seconds>(limit) - seconds(5);
    const auto eighth_before = floor<seconds>(limit * 8 / 9 - std::chrono::milliseconds(1));
    return std::max(seconds(0), std::min(five_before, eighth_before));
}

std::chrono::seconds hint_fitting(const client_hop& hop, duration limit) {
    const auto highest = hint_below(limit);
    for (auto hint = highest; hint.count() > 0; --hint)
        if (fits(hint, hop, limit)) return hint;
    return highest;
}

}  // namespace firstfin::validate
