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

}  // namespace

std::string timeout_directive(const client_hop& hop, duration limit) {
    const auto& values = hop.values();
    const auto hint = values.keepalive_header;
    const bool same_directive = !hint.is_default() && hint.where == values.keepalive_timeout.where;
    return "keepalive_timeout " + as_nginx_time(limit) +
           (same_directive ? fmt::format(" {}s", hint.value.count()) : std::string());
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

}  // namespace firstfin::validate
