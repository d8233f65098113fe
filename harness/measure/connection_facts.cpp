#include "harness/measure/connection_facts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <vector>

#include "harness/verdict/wire_states.hpp"

namespace firstfin::measure {

using witness::segment;
using witness::timeline;
namespace tcp_flag = witness::tcp_flag;

namespace {

constexpr std::size_t handshake_length = 3;

std::string flags_of(const segment& one) {
    std::vector<std::string_view> names;
    for (const auto& [flag, name] :
         {std::pair{tcp_flag::syn, "SYN"}, std::pair{tcp_flag::fin, "FIN"}, std::pair{tcp_flag::rst, "RST"},
          std::pair{tcp_flag::psh, "PSH"}, std::pair{tcp_flag::ack, "ACK"}})
        if (one.has(flag)) names.emplace_back(name);
    return fmt::format("{} {:#05x}", fmt::join(names, "+"), one.flags);
}

std::string in_words(std::span<const tcp_state> states) {
    std::vector<std::string_view> names;
    for (const auto one : states)
        names.push_back(textbook_name(one));
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string opening_segments(const timeline& seen) {
    if (seen.segments.size() < handshake_length) return {};
    std::vector<std::string> out;
    for (std::size_t at = 0; at < handshake_length; ++at)
        out.push_back(flags_of(seen.segments[at]));
    return fmt::format("{}", fmt::join(out, ", "));
}

std::string opening_numbers(const timeline& seen) {
    if (seen.segments.size() < handshake_length) return {};
    const auto& syn = seen.segments[0];
    const auto& syn_ack = seen.segments[1];
    const auto& ack = seen.segments[2];
    return syn_ack.ack == syn.seq + 1 && ack.ack == syn_ack.seq + 1 ? "number + 1" : "another number";
}

std::string opening_states(const timeline& seen, side of) {
    if (seen.segments.empty()) return {};
    const auto all = states_passed(seen.segments, of);
    const auto open = std::ranges::find(all, tcp_state::established);
    if (open == all.end()) return in_words(all);
    return in_words({all.begin(), open + 1});
}

std::string closing_states(const timeline& seen, side of) {
    if (seen.segments.empty()) return {};
    const auto all = states_passed(seen.segments, of);
    const auto open = std::ranges::find(all, tcp_state::established);
    if (open == all.end()) return {};
    return in_words({open + 1, all.end()});
}

std::string last_in_table(const timeline& seen, side of) {
    const auto last =
        std::find_if(seen.samples.rbegin(), seen.samples.rend(), [of](const auto& one) { return one.of == of; });
    if (last == seen.samples.rend()) return {};
    return last->state ? std::string(to_text(*last->state)) : "gone";
}

std::string response_says(const timeline& seen) {
    std::string said;
    std::string heard;
    for (const auto& one : seen.events) {
        const auto* word = one.says_close ? "close" : "keep-alive";
        if (one.kind == role::event_kind::response_sent) said = word;
        if (one.kind == role::event_kind::response_received) heard = word;
    }
    if (!said.empty() && !heard.empty() && said != heard) return "sender and reader differ";
    return heard.empty() ? said : heard;
}

std::size_t segments_of_closing(const timeline& seen) {
    const auto first = std::ranges::find_if(seen.segments, [](const auto& one) { return one.has(tcp_flag::fin); });
    return static_cast<std::size_t>(
        std::count_if(first, seen.segments.end(), [](const auto& one) { return !one.has(tcp_flag::rst); }));
}

double count_handshakes(const timeline& seen) {
    return static_cast<double>(std::ranges::count_if(
        seen.segments, [](const auto& one) { return one.has(tcp_flag::syn) && !one.has(tcp_flag::ack); }));
}

double count_segments(const timeline& seen) {
    return static_cast<double>(seen.segments.size());
}

double count_bytes(const timeline& seen) {
    return std::accumulate(seen.segments.begin(), seen.segments.end(), 0.0,
                           [](double sum, const auto& one) { return sum + one.headers + one.payload; });
}

std::optional<duration> time_in_table(const timeline& seen, tcp_state state) {
    for (const auto of : {side::server, side::client}) {
        std::optional<time_point> since;
        for (const auto& one : seen.samples) {
            if (one.of != of) continue;
            if (one.state == state && !since) since = one.at;
            if (one.state != state && since) return one.at - *since;
        }
    }
    return std::nullopt;
}

std::string sockets_by_state(std::span<const store::state_count_record> counts, side of) {
    std::map<std::string_view, std::uint32_t> sums;
    for (const auto& one : counts)
        if (one.of == of)
            for (const auto& [state, number] : one.counts)
                sums[to_text(state)] += number;
    std::vector<std::string> out;
    for (const auto& [name, number] : sums)
        out.push_back(fmt::format("{} {}", name, number));
    return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace firstfin::measure
