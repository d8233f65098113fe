#include "server/human_log.hpp"

#include <gtest/gtest.h>

namespace firstfin {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

role::event at(duration when, event_kind kind) {
    role::event out;
    out.kind = kind;
    out.at = time_point(when);
    out.conn = 7;
    out.local = parse_endpoint("127.0.0.1:80").value();
    out.remote = parse_endpoint("127.0.0.1:4711").value();
    return out;
}

role::event closing(duration when, close_reason reason) {
    auto out = at(when, event_kind::close);
    out.reason = reason;
    return out;
}

std::string line_for(const role::event& close, std::uint32_t requests) {
    std::string out;
    human_log log([&](const std::string& line) { out += line; });
    log.take(at(1s, event_kind::accepted));
    for (std::uint32_t ordinal = 1; ordinal <= requests; ++ordinal) {
        auto sent = at(2s, event_kind::response_sent);
        sent.request = ordinal;
        log.take(sent);
    }
    log.take(close);
    return out;
}

TEST(HumanLog, IdleLimit) {
    EXPECT_EQ(line_for(closing(67s + 100us, close_reason::idle_deadline), 2),
              "#7 127.0.0.1:4711: server closed first: idle limit; idle 65s, 2 requests");
}

TEST(HumanLog, NeverUsed) {
    EXPECT_EQ(line_for(closing(61s, close_reason::unused_deadline), 0),
              "#7 127.0.0.1:4711: server closed first: never used; idle 60s, 0 requests");
}

TEST(HumanLog, ClientFirst) {
    EXPECT_EQ(line_for(closing(2500ms, close_reason::peer_fin), 1),
              "#7 127.0.0.1:4711: client closed first; idle 500ms, 1 request");
}

TEST(HumanLog, ClientFasterThanOurTimer) {
    auto close = closing(3s, close_reason::idle_deadline);
    close.pending_fin = true;
    EXPECT_EQ(line_for(close, 1),
              "#7 127.0.0.1:4711: client closed first, unnoticed until the server did: idle limit; idle 1s, 1 request");
}

TEST(HumanLog, ResetOverUnreadBytes) {
    auto close = closing(3s, close_reason::policy);
    close.unread = 12;
    EXPECT_EQ(line_for(close, 1),
              "#7 127.0.0.1:4711: server reset the connection over 12 unread bytes: after a response that said close; "
              "idle 1s, 1 request");
}

}  // namespace
}  // namespace firstfin
