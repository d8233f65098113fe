#include "harness/explain/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/verdict/wire_states.hpp"

namespace firstfin::explain {

using role::event_kind;

namespace {

std::string_view event_name(event_kind kind) {
    switch (kind) {
        case event_kind::eof:
            return "read the peer's end (EOF)";
        case event_kind::reset:
            return "read a reset";
        case event_kind::done:
            return "done";
        default:
            return to_text(kind);
    }
}

std::string message_text(const witness::subject_event& one) {
    const bool is_request = one.kind == event_kind::request_sent || one.kind == event_kind::request_received;
    const bool sent = one.kind == event_kind::request_sent || one.kind == event_kind::response_sent;
    return fmt::format("{} {} {}", is_request ? "request" : "response", one.request, sent ? "sent" : "received");
}

bool is_message(event_kind kind) {
    return kind == event_kind::request_sent || kind == event_kind::request_received ||
           kind == event_kind::response_sent || kind == event_kind::response_received;
}

std::string_view whose(party one) {
    switch (one) {
        case party::server:
            return "the server's";
        case party::client:
            return "the client's";
        default:
            return "";
    }
}

std::string first_fin_text(const verdict& one) {
    if (one.first_fin == party::none) return "nobody sent a FIN";
    if (one.first_fin == party::both) return "both FINs were first: they crossed";
    return fmt::format("the first FIN was {}", whose(one.first_fin));
}

std::string time_wait_text(const verdict& one) {
    switch (one.time_wait) {
        case party::none:
            return "nobody is in TIME_WAIT";
        case party::both:
            return "both sides are in TIME_WAIT";
        default:
            return fmt::format("the {} is in TIME_WAIT", to_text(one.time_wait));
    }
}

}  // namespace

std::string moment_text(duration value) {
    using namespace std::chrono_literals;
    const auto microseconds = std::chrono::round<std::chrono::microseconds>(value).count();
    if (value < 1s && microseconds < 1'000'000)
        return fmt::format("{}.{:03} ms", microseconds / 1000, microseconds % 1000);
    return fmt::format("{}.{:06} s", microseconds / 1'000'000, microseconds % 1'000'000);
}

std::string flag_names(std::uint8_t flags) {
    using namespace witness::tcp_flag;
    constexpr std::pair<std::uint8_t, std::string_view> names[] = {{syn, "SYN"},  {fin, "FIN"}, {rst, "RST"},
                                                                   {psh, "PSH"},  {ack, "ACK"}, {0x20, "URG"},
                                                                   {0x40, "ECE"}, {0x80, "CWR"}};
    std::vector<std::string_view> set;
    for (const auto& [bit, name] : names)
        if ((flags & bit) != 0) set.push_back(name);
    return set.empty() ? "no flags" : fmt::format("{}", fmt::join(set, ","));
}

std::string flag_number(std::uint8_t flags) {
    return fmt::format("0x{:03x}", flags);
}

std::string event_text(const witness::subject_event& one) {
    std::string out = is_message(one.kind) ? message_text(one) : std::string(event_name(one.kind));
    if (one.reason) out += fmt::format(": {}", to_text(*one.reason));
    if (one.status != 0) out += fmt::format(", status {}", one.status);
    if (one.says_close) out += ", says Connection: close";
    if (one.state_before) out += fmt::format(", was in {}", textbook_name(*one.state_before));
    if (one.pending_fin) out += ", the peer's FIN was already in the queue";
    if (one.unread != 0) out += fmt::format(", {} bytes unread", one.unread);
    if (one.lateness) out += fmt::format(", {} late", moment_text(*one.lateness));
    return out;
}

std::string verdict_text(const verdict& one) {
    std::string out = fmt::format("{}; {}; ending {}", first_fin_text(one), time_wait_text(one), to_text(one.ending));
    if (one.reset != party::none)
        out += fmt::format("; {} RST{}", whose(one.reset), one.reset_destroyed_request ? " destroyed a request" : "");
    if (one.idle_at_close) out += fmt::format("; {} idle before the close", moment_text(*one.idle_at_close));
    const auto& requests = one.requests;
    out += fmt::format("; {} request{} sent, {} answered", requests.sent, requests.sent == 1 ? "" : "s",
                       requests.answered);
    if (requests.stale_reuse != 0) out += fmt::format(", {} lost to stale reuse (avoidable)", requests.stale_reuse);
    if (requests.true_race != 0) out += fmt::format(", {} lost to a true race (unavoidable)", requests.true_race);
    return out;
}

std::string possible_text(const evidence& one) {
    std::vector<std::string_view> left;
    for (const auto who : {party::server, party::client, party::both, party::none})
        if (one.allows(who)) left.push_back(who == party::none ? "nobody" : to_text(who));
    return left.empty() ? "nothing" : fmt::format("{}", fmt::join(left, " or "));
}

}  // namespace firstfin::explain
