// The sentences a person reads. Compared whole: wording is the product here.
#include "client/story.hpp"

#include <gtest/gtest.h>

namespace firstfin::client {
namespace {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;

/// Builds the events of one trial on a clock that starts at zero.
class told {
public:
    explicit told(client_close_style style = client_close_style::fin) : teller_(style) {}

    told& at(
        duration when, event_kind kind, void (*change)(role::event&) = [](role::event&) {}) {
        role::event said;
        said.kind = kind;
        said.at = time_point(when);
        said.trial = 1;
        if (kind != event_kind::done) said.conn = conn_;
        said.local = parse_endpoint("10.0.0.1:40000").value();
        said.remote = parse_endpoint("10.0.0.2:80").value();
        if (kind == event_kind::close) said.state_before = tcp_state::established;
        change(said);
        teller_.add(said);
        return *this;
    }
    told& exchange() {
        return at(0ms, event_kind::connected).at(1ms, event_kind::request_sent).at(2ms, event_kind::response_received);
    }
    told& next_connection() {
        ++conn_;
        return *this;
    }
    std::string words() {
        std::string out;
        for (const auto& line : teller_.rest())
            out += line.substr(line.find("80  ") + 4) + "\n";
        return out;
    }
    [[nodiscard]] story_teller& teller() { return teller_; }

private:
    story_teller teller_;
    std::uint64_t conn_ = 1;
};

TEST(Story, ClientFirst) {
    told story;
    story.exchange().at(5002ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::idle_deadline;
        e.lateness = 100us;
    });
    EXPECT_EQ(
        story.words(),
        "1 request, 1 answered.  Client closed first: its idle timer ended, 5.0000 s after the last response byte "
        "(state before its close: ESTABLISHED, timer 0.100 ms late). TIME_WAIT stays with the client.\n");
}

TEST(Story, OwnTimerButServerFirst) {
    told story;
    story.exchange().at(5002ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::idle_deadline;
        e.state_before = tcp_state::close_wait;
        e.pending_fin = true;
    });
    EXPECT_EQ(story.words(),
              "1 request, 1 answered.  Server closed first: its FIN was already here when its idle timer ended and the "
              "client closed, 5.0000 s after "
              "the last response byte (state before its close: CLOSE_WAIT). TIME_WAIT stays with the server.\n");
}

TEST(Story, ServerFirst) {
    told story;
    story.exchange().at(502ms, event_kind::eof).at(503ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::peer_fin;
        e.state_before = tcp_state::close_wait;
    });
    EXPECT_EQ(story.words(),
              "1 request, 1 answered.  Server closed first: its FIN was noticed 500.000 ms after the last response "
              "byte; the client followed "
              "1.000 ms later (state before its close: CLOSE_WAIT). TIME_WAIT stays with the server.\n");
}

TEST(Story, ServerReset) {
    told story;
    story.exchange().at(502ms, event_kind::reset).at(503ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::peer_reset;
        e.state_before = tcp_state::closed;
    });
    EXPECT_EQ(story.words(),
              "1 request, 1 answered.  Server reset it (RST), noticed 500.000 ms after the last response byte (state "
              "before its close: CLOSE). "
              "TIME_WAIT nowhere.\n");
}

TEST(Story, ClosesWithRst) {
    told story(client_close_style::rst);
    story.exchange().at(502ms, event_kind::close, [](role::event& e) { e.reason = close_reason::idle_deadline; });
    EXPECT_NE(story.words().find("It closes with RST: TIME_WAIT nowhere."), std::string::npos);
}

TEST(Story, UnreadBytesMakeARst) {
    told story;
    story.exchange().at(502ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::bad_message;
        e.detail = "bytes that nobody asked for";
        e.unread = 10;
    });
    EXPECT_EQ(
        story.words(),
        "1 request, 1 answered.  Client gave up 500.000 ms after the last response byte: bytes that nobody asked for "
        "(state before its close: ESTABLISHED). 10 bytes lay unread, so the kernel sent RST, not FIN: TIME_WAIT "
        "nowhere.\n");
}

TEST(Story, LostAndSentAgain) {
    told story;
    story.exchange()
        .at(502ms, event_kind::request_sent)
        .at(503ms, event_kind::eof)
        .at(504ms, event_kind::close, [](role::event& e) {
            e.reason = close_reason::lost_reuse;
            e.state_before = tcp_state::close_wait;
        });
    story.next_connection().exchange().at(5ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::policy;
        e.detail = "the repeated request is answered";
    });
    story.at(6ms, event_kind::done);
    EXPECT_EQ(story.words(),
              "2 requests, 1 answered.  Request 2 was lost: sent 500.000 ms after the last response byte on a reused "
              "connection, and 1.000 ms after "
              "it came the server's FIN (state before its close: CLOSE_WAIT). Sent again on a new connection:\n"
              "1 request, 1 answered.  Client closed first: the repeated request is answered, 3.000 ms after the last "
              "response byte "
              "(state before its close: ESTABLISHED). TIME_WAIT stays with the client.\n");
}

TEST(Story, HalfClose) {
    told story;
    story.exchange()
        .at(3ms, event_kind::close,
            [](role::event& e) {
                e.reason = close_reason::policy;
                e.detail = "half-close";
            })
        .at(103ms, event_kind::eof);
    EXPECT_EQ(story.words(),
              "1 request, 1 answered.  Client sent its FIN 1.000 ms after the last response byte and kept reading "
              "(state before its close: ESTABLISHED). The server's FIN came 100.000 ms later.\n");
}

TEST(Story, StillOpen) {
    told story;
    story.exchange().at(1002ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::shutdown;
        e.state_before = tcp_state::close_wait;
        e.pending_fin = true;
    });
    EXPECT_EQ(story.words(),
              "1 request, 1 answered.  Still open 1.0000 s after the last response byte: the server's FIN was waiting "
              "to be noticed; "
              "this program was stopped (state before its close: CLOSE_WAIT).\n");
}

TEST(Story, NoConnection) {
    told story;
    story.at(1ms, event_kind::close, [](role::event& e) {
        e.reason = close_reason::connect_failed;
        e.detail = "Connection refused";
    });
    EXPECT_TRUE(story.teller().any_connect_failed());
    EXPECT_EQ(story.teller().rest(), std::vector<std::string>{"#1  10.0.0.2:80: no connection: Connection refused"});
}

TEST(Story, FinishedTrialsAreToldOnce) {
    told story;
    story.exchange().at(5ms, event_kind::close, [](role::event& e) { e.reason = close_reason::aborted; });
    EXPECT_TRUE(story.teller().finished().empty());
    story.at(6ms, event_kind::done);
    EXPECT_EQ(story.teller().finished().size(), 1U);
    EXPECT_TRUE(story.teller().rest().empty());
}

}  // namespace
}  // namespace firstfin::client
