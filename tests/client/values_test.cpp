// The small pure parts: hints, request bytes, URLs, endings, draws, the handshake gate, the response scanner.
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

#include "client/ending.hpp"
#include "client/handshake_gate.hpp"
#include "client/keep_alive_hint.hpp"
#include "client/request_text.hpp"
#include "client/response_scanner.hpp"
#include "client/splitmix64.hpp"
#include "client/target.hpp"

namespace firstfin::client {
namespace {

using namespace std::chrono_literals;

TEST(KeepAliveHint, ReadsTimeout) {
    EXPECT_EQ(keep_alive_hint("timeout=5"), 5s);
    EXPECT_EQ(keep_alive_hint("timeout=5, max=100"), 5s);
    EXPECT_EQ(keep_alive_hint("max=100 , Timeout = \"7\""), 7s);
}

TEST(KeepAliveHint, NothingWhereNothingIsSaid) {
    for (const auto* text : {"", "max=100", "timeout", "timeout=", "timeout=soon", "timeout=-1", "timeout=5.5",
                             "xtimeout=5", "timeout=99999999999999999999", "timeout=999999999", ",,,", "=5"})
        EXPECT_EQ(keep_alive_hint(text), 0s) << text;
}

TEST(RequestText, CarriesWhatItShould) {
    scenario what;
    what.path = "/a?b";
    EXPECT_EQ(request_text(what, "h:81", after_request::keep_alive),
              "GET /a?b HTTP/1.1\r\nHost: h:81\r\nUser-Agent: firstfin\r\n\r\n");
    EXPECT_EQ(request_text(what, "h", after_request::close),
              "GET /a?b HTTP/1.1\r\nHost: h\r\nUser-Agent: firstfin\r\nConnection: close\r\n\r\n");
    what.method = "POST";
    EXPECT_EQ(request_text(what, "h", after_request::keep_alive),
              "POST /a?b HTTP/1.1\r\nHost: h\r\nUser-Agent: firstfin\r\nContent-Length: 0\r\n\r\n");
}

TEST(RequestText, UnsendableScenarios) {
    scenario what;
    EXPECT_FALSE(why_unsendable(what));
    what.method = "G ET";
    EXPECT_TRUE(why_unsendable(what));
    what = {};
    what.path = "/a b";
    EXPECT_TRUE(why_unsendable(what));
    what = {};
    what.path = "/\r\nX: y";
    EXPECT_TRUE(why_unsendable(what));
    what = {};
    what.kind = scenario_kind::raw;
    EXPECT_TRUE(why_unsendable(what));
    what.raw = "\r\n";
    EXPECT_FALSE(why_unsendable(what));
}

TEST(Target, ReadsUrls) {
    EXPECT_EQ(parse_target("http://a").value(), (target{"a", 80, "a", "/"}));
    EXPECT_EQ(parse_target("http://a:8080/p?q=1#f").value(), (target{"a", 8080, "a:8080", "/p?q=1"}));
    EXPECT_EQ(parse_target("http://[::1]:81?q").value(), (target{"::1", 81, "[::1]:81", "/?q"}));
    EXPECT_EQ(parse_target("http://[fe80::1]/").value(), (target{"fe80::1", 80, "[fe80::1]", "/"}));
}

TEST(Target, RefusesOthers) {
    for (const auto* url :
         {"", "a", "https://a/", "ftp://a", "http://", "http:///p", "http://a:/", "http://a:0/", "http://a:65536",
          "http://a:8x", "http://u@a/", "http://[::1", "http://a/ b", "http://:80/"}) {
        const auto parsed = parse_target(url);
        ASSERT_FALSE(parsed) << url;
        EXPECT_NE(parsed.error().message.find("http://127.0.0.1:8080/path"), std::string::npos)
            << parsed.error().message;
    }
}

TEST(Target, Resolves) {
    EXPECT_EQ(resolve(parse_target("http://127.0.0.1:81").value()).front(), parse_endpoint("127.0.0.1:81").value());
    EXPECT_EQ(resolve(parse_target("http://[::1]:81").value()).front(), parse_endpoint("[::1]:81").value());
    EXPECT_THROW((void)resolve(parse_target("http://no-such-host.invalid").value()), bad_input);
}

TEST(Ending, OneClassOfLostReuse) {
    namespace net = boost::asio;
    namespace http = boost::beast::http;
    using role::close_reason;
    using role::event_kind;
    const auto lost = progress::reused_unanswered;
    EXPECT_EQ(ending_of(http::error::end_of_stream, lost), (ending{event_kind::eof, close_reason::lost_reuse, ""}));
    EXPECT_EQ(ending_of(net::error::connection_reset, lost), (ending{event_kind::reset, close_reason::lost_reuse, ""}));
    EXPECT_EQ(ending_of(net::error::broken_pipe, lost), (ending{event_kind::reset, close_reason::lost_reuse, "EPIPE"}));
    EXPECT_EQ(ending_of(http::error::end_of_stream, progress::first_unanswered).reason, close_reason::peer_fin);
    EXPECT_EQ(ending_of(net::error::connection_reset, progress::first_unanswered).reason, close_reason::peer_reset);
    EXPECT_EQ(ending_of(http::error::partial_message, progress::answering).reason, close_reason::peer_fin);
    EXPECT_EQ(ending_of(http::error::bad_version, lost).reason, close_reason::bad_message);
    EXPECT_EQ(ending_of(http::error::bad_version, lost).noticed, std::nullopt);
    EXPECT_EQ(ending_of(net::error::timed_out, lost).reason, close_reason::system_error);
}

TEST(Ending, TheStyleIsForClosesOfOnesOwnWill) {
    using role::close_reason;
    constexpr auto rst = client_close_style::rst;
    constexpr auto fin = client_close_style::fin;
    for (const auto own :
         {close_reason::idle_deadline, close_reason::unused_deadline, close_reason::pool, close_reason::policy}) {
        EXPECT_EQ(style_of(own, rst), rst) << to_text(own);
        EXPECT_EQ(style_of(own, fin), fin) << to_text(own);
    }
    for (const auto other : {close_reason::peer_fin, close_reason::peer_reset, close_reason::lost_reuse,
                             close_reason::shutdown, close_reason::bad_message})
        EXPECT_EQ(style_of(other, rst), fin) << to_text(other);
    EXPECT_EQ(style_of(close_reason::aborted, fin), rst);
}

TEST(Splitmix64, IsTheReferenceGenerator) {
    splitmix64 draw(1234567);  // values of the authors' C code
    EXPECT_EQ(draw.next(), 6457827717110365317U);
    EXPECT_EQ(draw.next(), 3203168211198807973U);
    for (int i = 0; i < 10000; ++i) {
        const auto share = draw.share();
        ASSERT_GE(share, 0.0);
        ASSERT_LT(share, 1.0);
    }
}

TEST(HandshakeGate, LetsSoManyInAndWaitingOnesFirst) {
    handshake_gate gate(2);
    int room = 0;
    int went = 0;
    gate.on_room([&] { ++room; });
    EXPECT_TRUE(gate.try_enter());
    gate.enter_soon([&] { ++went; });
    EXPECT_EQ(went, 1);
    gate.enter_soon([&] { ++went; });
    EXPECT_EQ(went, 1);
    EXPECT_FALSE(gate.try_enter());
    gate.leave();
    EXPECT_EQ(went, 2);
    EXPECT_EQ(room, 0);
    EXPECT_FALSE(gate.try_enter());
    gate.leave();
    EXPECT_EQ(room, 1);
    EXPECT_TRUE(gate.try_enter());
}

std::string statuses(std::string_view raw, std::initializer_list<std::string_view> parts, bool eof = true) {
    response_scanner scanner(raw);
    std::string out;
    for (const auto part : parts)
        for (const auto& each : scanner.feed(part, time_point{}))
            out += std::to_string(each.status) + (each.says_close ? "c " : " ");
    if (eof)
        if (const auto last = scanner.finish()) out += std::to_string(last->status) + (last->says_close ? "c!" : "!");
    return out;
}

TEST(ResponseScanner, FindsResponsesHoweverTheyArrive) {
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"}), "200 ");
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 200 OK\r\nContent-", "Length: 2\r\n\r", "\n", "h", "i"}), "200 ");
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP/1.1 404 No\r\nConnection: "
                               "close\r\nContent-Length: 1\r\n\r\nx"}),
              "200 404c ");
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No\r\n\r\n"}), "204 ");
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "0\r\n\r\n"}),
              "200 ");
    EXPECT_EQ(statuses("GET", {"HTTP/1.0 200 OK\r\n\r\nall the", " rest"}), "200c!");
    EXPECT_EQ(statuses("HEAD / HTTP/1.1\r\n\r\n", {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"}), "200 ");
}

TEST(ResponseScanner, GivesUpQuietly) {
    EXPECT_EQ(statuses("GET", {"SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}), "");
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh"}), "");
    EXPECT_EQ(statuses("GET", {"HTTP/1.1 200"}), "");
    EXPECT_EQ(statuses("GET", {}), "");
}

}  // namespace
}  // namespace firstfin::client
