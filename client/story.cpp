#include "client/story.hpp"

#include <fmt/format.h>

#include <utility>

#include "client/ending.hpp"

namespace firstfin::client {

using role::close_reason;
using role::event_kind;

namespace {

std::string plural(std::uint32_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

/// Seconds to the microsecond, or milliseconds when that reads better.
std::string span(duration value) {
    if (value < std::chrono::seconds(1)) return fmt::format("{:.3f} ms", seconds_of(value) * 1e3);
    return fmt::format("{:.4f} s", seconds_of(value));
}

std::string idle(const connection_story& story, time_point until) {
    if (story.answered_at) return span(until - *story.answered_at) + " after the last response byte";
    if (story.connected_at) return span(until - *story.connected_at) + " after the handshake";
    return "at once";
}

std::string state(const role::event& close) {
    return fmt::format("state before its close: {}", close.state_before ? to_text(*close.state_before) : "unknown");
}

/// Where TIME_WAIT stays after the client's close. A close over unread bytes is a RST, whatever the program meant.
std::string remains(const connection_story& story, std::string_view first) {
    const auto& close = *story.close;
    if (close.unread > 0)
        return fmt::format("{} lay unread, so the kernel sent RST, not FIN: TIME_WAIT nowhere.",
                           plural(close.unread, "byte"));
    if (style_of(close.reason.value_or(close_reason::policy), story.style) == client_close_style::rst)
        return "It closes with RST: TIME_WAIT nowhere.";
    return fmt::format("TIME_WAIT stays with the {}.", first);
}

std::string own_close(const connection_story& story, std::string_view cause) {
    const auto& close = *story.close;
    const auto when = idle(story, close.at);
    const auto late = close.lateness ? fmt::format(", timer {} late", span(*close.lateness)) : std::string{};
    if (close.pending_fin)
        return fmt::format("Server closed first: its FIN was already here when {} and the client closed, {} ({}{}). {}",
                           cause, when, state(close), late, remains(story, "server"));
    return fmt::format("Client closed first: {}, {} ({}{}). {}", cause, when, state(close), late,
                       remains(story, "client"));
}

std::string server_ended(const connection_story& story) {
    const auto& close = *story.close;
    const auto& peer = story.peer.value_or(close);
    const auto where = close.detail.empty() ? std::string{} : ", " + close.detail;
    if (peer.kind == event_kind::reset)
        return fmt::format("Server reset it (RST){}, noticed {} ({}). TIME_WAIT nowhere.", where, idle(story, peer.at),
                           state(close));
    return fmt::format("Server closed first{}: its FIN was noticed {}; the client followed {} later ({}). {}", where,
                       idle(story, peer.at), span(close.at - peer.at), state(close), remains(story, "server"));
}

std::string lost_request(const connection_story& story) {
    const auto& peer = story.peer.value_or(*story.close);
    const auto asked = story.asked_at.value_or(peer.at);
    return fmt::format(
        "Request {} was lost: sent {} on a reused connection, and {} after it came the server's {} ({}).", story.sent,
        idle(story, asked), span(peer.at - asked), peer.kind == event_kind::reset ? "RST" : "FIN", state(*story.close));
}

std::string half_closed(const connection_story& story) {
    auto out =
        fmt::format("Client sent its FIN {} and kept reading ({}).", idle(story, story.close->at), state(*story.close));
    if (!story.peer) return out + " The server never closed its half.";
    const bool reset = story.peer->kind == event_kind::reset;
    return out + fmt::format(" The server's {} came {} later.", reset ? "RST" : "FIN",
                             span(story.peer->at - story.close->at));
}

std::string stopped(const connection_story& story) {
    const auto& close = *story.close;
    if (!story.connected_at) return "Stopped during the handshake.";
    const auto whose = close.pending_fin ? "the server's FIN was waiting to be noticed" : "neither side had closed";
    return fmt::format("Still open {}: {}; this program was stopped ({}).", idle(story, close.at), whose, state(close));
}

std::string ending_in_words(const connection_story& story) {
    const auto& close = *story.close;
    switch (close.reason.value_or(close_reason::system_error)) {
        case close_reason::idle_deadline:
            return own_close(story, "its idle timer ended");
        case close_reason::unused_deadline:
            return own_close(story, "its limit for unused connections ended");
        case close_reason::pool:
            return own_close(story, "the pool found the connection too old to use again");
        case close_reason::policy:
            return close.detail == "half-close" ? half_closed(story) : own_close(story, close.detail);
        case close_reason::peer_fin:
        case close_reason::peer_reset:
            return server_ended(story);
        case close_reason::lost_reuse:
            return lost_request(story);
        case close_reason::aborted:
            return fmt::format("Client reset it (RST), as the scenario says, {} ({}).", idle(story, close.at),
                               state(close));
        case close_reason::shutdown:
            return stopped(story);
        case close_reason::bad_message:
            return fmt::format("Client gave up {}: {} ({}). {}", idle(story, close.at), close.detail, state(close),
                               remains(story, close.pending_fin ? "server" : "client"));
        default:
            return fmt::format("Ended {} by an error: {}.", idle(story, close.at), close.detail);
    }
}

}  // namespace

void connection_story::add(const role::event& said) {
    number = said.conn;
    switch (said.kind) {
        case event_kind::connected:
            connected_at = said.at;
            break;
        case event_kind::request_sent:
            ++sent;
            asked_at = said.at;
            break;
        case event_kind::response_received:
            ++answered;
            answered_at = said.at;
            break;
        case event_kind::eof:
        case event_kind::reset:
            peer = said;
            break;
        case event_kind::close:
            close = said;
            break;
        default:
            break;
    }
}

std::string in_words(const connection_story& story) {
    const auto& close = story.close;
    if (close && close->reason == close_reason::connect_failed)
        return fmt::format("#{}  {}: no connection: {}", story.number, close->remote ? to_text(*close->remote) : "?",
                           close->detail);
    std::string out = fmt::format("#{}", story.number);
    if (close && close->local && close->remote)
        out += fmt::format("  {} > {}", to_text(*close->local), to_text(*close->remote));
    out += fmt::format("  {}, {} answered.  ", plural(story.sent, "request"), story.answered);
    return out + (close ? ending_in_words(story) : "Stopped before it was connected.");
}

void story_teller::add(const role::event& said) {
    if (!said.trial) return;
    if (said.kind == event_kind::close && said.reason == close_reason::connect_failed) any_connect_failed_ = true;
    if (said.kind == event_kind::done) {
        const auto over = trials_.extract(*said.trial);
        if (over) tell(over.mapped());
        return;
    }
    auto& connections = trials_[*said.trial];
    if (connections.empty() || connections.back().number != said.conn) connections.emplace_back();
    connections.back().style = style_;
    connections.back().add(said);
}

void story_teller::tell(const trial_story& connections) {
    for (std::size_t i = 0; i < connections.size(); ++i)
        lines_.push_back(in_words(connections[i]) +
                         (i + 1 < connections.size() ? " Sent again on a new connection:" : ""));
}

std::vector<std::string> story_teller::finished() {
    return std::exchange(lines_, {});
}

std::vector<std::string> story_teller::rest() {
    for (const auto& [number, connections] : std::exchange(trials_, {}))
        tell(connections);
    return finished();
}

}  // namespace firstfin::client
