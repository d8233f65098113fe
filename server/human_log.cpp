#include "server/human_log.hpp"

#include <fmt/format.h>

namespace firstfin {

using role::close_reason;
using role::event_kind;

namespace {

std::string_view why(close_reason reason) {
    switch (reason) {
        case close_reason::idle_deadline:
            return "idle limit";
        case close_reason::unused_deadline:
            return "never used";
        case close_reason::header_deadline:
            return "half a request";
        case close_reason::policy:
            return "after a response that said close";
        case close_reason::bad_message:
            return "not a request it accepts";
        case close_reason::shutdown:
            return "the server stops";
        default:
            return to_text(reason);
    }
}

std::string who_and_why(const role::event& close) {
    const auto reason = close.reason.value_or(close_reason::system_error);
    switch (reason) {
        case close_reason::peer_fin:
            return "client closed first";
        case close_reason::peer_reset:
            return "client reset the connection";
        case close_reason::system_error:
            return "lost: " + close.detail;
        default:
            break;
    }
    // Its own timer fired, yet the other side was faster.
    if (close.pending_fin) return fmt::format("client closed first, unnoticed until the server did: {}", why(reason));
    if (close.unread != 0)
        return fmt::format("server reset the connection over {} unread bytes: {}", close.unread, why(reason));
    if (!close.detail.empty()) return fmt::format("server {} the connection: {}", close.detail, why(reason));
    return fmt::format("server closed first: {}", why(reason));
}

/// Milliseconds are what a person can use.
std::string rounded(duration value) {
    return to_text(duration(std::chrono::round<std::chrono::milliseconds>(value)));
}

}  // namespace

void human_log::take(const role::event& what) {
    switch (what.kind) {
        case event_kind::listening:
            return print_(fmt::format("listening on {}: {}", to_text(*what.local), what.policy));
        case event_kind::accepted:
            lives_[what.conn] = {to_text(*what.remote), what.at};
            return;
        case event_kind::response_sent:
            lives_[what.conn].last = what.at;
            lives_[what.conn].requests = what.request;
            return;
        case event_kind::close:
            print_(obituary(lives_[what.conn], what));
            lives_.erase(what.conn);
            return;
        default:
            return;
    }
}

std::string human_log::obituary(const life& of, const role::event& close) {
    return fmt::format("#{} {}: {}; idle {}, {} request{}", close.conn, of.client, who_and_why(close),
                       rounded(close.at - of.last), of.requests, of.requests == 1 ? "" : "s");
}

}  // namespace firstfin
