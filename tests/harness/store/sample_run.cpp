#include "tests/harness/store/sample_run.hpp"

#include <algorithm>

namespace firstfin::test {

using namespace std::chrono_literals;
using role::close_reason;
using role::event_kind;
using witness::timeline;
namespace flag = witness::tcp_flag;

namespace {

constexpr std::uint32_t client_isn = 4294967200U;  // the sequence numbers wrap during the request
constexpr std::uint32_t server_isn = 3141592653U;
constexpr std::uint32_t request_bytes = 120;
constexpr std::uint32_t response_bytes = 230;

/// Writes a timeline step by step. Moments count from the client's SYN.
class telling {
public:
    void segment(duration at, side from, std::uint8_t flags, std::uint32_t payload = 0) {
        segment(at, from, flags, payload, next(other(from)));
    }
    /// With an older acknowledgment number: sent before the peer's last bytes arrived.
    void segment(duration at, side from, std::uint8_t flags, std::uint32_t payload, std::uint32_t ack) {
        auto& seq = next(from);
        if ((flags & flag::ack) == 0) ack = 0;
        out_.segments.push_back({zero + at, seq, ack, payload, from, flags, std::uint16_t{52}});
        seq = out_.segments.back().end();
    }
    witness::subject_event& event(duration at, side from, event_kind kind) {
        auto& one = out_.events.emplace_back();
        one.at = zero + at;
        one.from = from;
        one.kind = kind;
        return one;
    }
    void message(duration at, side from, event_kind kind, std::uint32_t status = 0) {
        auto& one = event(at, from, kind);
        one.request = 1;
        one.status = status;
    }
    void close(duration at, side from, close_reason reason, tcp_state before) {
        auto& one = event(at, from, event_kind::close);
        one.reason = reason;
        one.state_before = before;
        if (reason == close_reason::idle_deadline) one.lateness = 123456ns;
    }
    void sample(duration at, side of, std::optional<tcp_state> state) {
        out_.samples.push_back({zero + at, of, state});
    }
    void forget(side from, std::uint32_t sequence) { next(from) = sequence; }
    [[nodiscard]] std::uint32_t& next(side of) { return of == side::server ? server_next_ : client_next_; }
    timeline& timeline_so_far() { return out_; }

    void open_and_answer() {
        out_.tuple = {parse_endpoint("10.9.0.2:40122").value(), parse_endpoint("10.9.0.1:8080").value()};
        segment(0us, side::client, flag::syn);
        segment(50us, side::server, flag::syn | flag::ack);
        segment(60us, side::client, flag::ack);
        event(62us, side::client, event_kind::connected);
        event(70us, side::server, event_kind::accepted);
        message(98us, side::client, event_kind::request_sent);
        segment(100us, side::client, flag::ack | flag::psh, request_bytes);
        segment(130us, side::server, flag::ack);
        message(140us, side::server, event_kind::request_received);
        message(190us, side::server, event_kind::response_sent, 200);
        segment(200us, side::server, flag::ack | flag::psh, response_bytes);
        segment(220us, side::client, flag::ack);
        message(230us, side::client, event_kind::response_received, 200);
    }

    static constexpr time_point zero{duration(123'456'789'012'345)};

private:
    timeline out_;
    std::uint32_t client_next_ = client_isn;
    std::uint32_t server_next_ = server_isn;
};

/// The four-step close, `first` first.
void close_orderly(telling& now, duration at, side first) {
    const auto second = other(first);
    now.close(at - 10us, first, close_reason::idle_deadline, tcp_state::established);
    now.segment(at, first, flag::fin | flag::ack);
    now.segment(at + 40us, second, flag::ack);
    now.event(at + 45us, second, event_kind::eof);
    now.close(at + 80us, second, close_reason::peer_fin, tcp_state::close_wait);
    now.segment(at + 100us, second, flag::fin | flag::ack);
    now.segment(at + 130us, first, flag::ack);
    now.event(at + 150us, side::client, event_kind::done);
    now.sample(at + 1ms, first, tcp_state::time_wait);
    now.sample(at + 1ms, second, std::nullopt);
}

void close_crossed(telling& now, duration at) {
    const auto client_saw = now.next(side::server);
    const auto server_saw = now.next(side::client);
    for (const auto one : {side::server, side::client})
        now.close(at - 10us, one, close_reason::idle_deadline, tcp_state::established);
    now.segment(at, side::server, flag::fin | flag::ack, 0, server_saw);
    now.segment(at + 5us, side::client, flag::fin | flag::ack, 0, client_saw);
    now.segment(at + 40us, side::client, flag::ack);
    now.segment(at + 45us, side::server, flag::ack);
    for (const auto one : {side::server, side::client})
        now.sample(at + 1ms, one, tcp_state::time_wait);
}

void close_by_reset(telling& now, duration at) {
    now.close(at - 10us, side::server, close_reason::idle_deadline, tcp_state::established);
    now.segment(at, side::server, flag::rst | flag::ack);
    now.event(at + 20us, side::client, event_kind::reset);
    now.close(at + 30us, side::client, close_reason::peer_reset, tcp_state::closed);
    for (const auto one : {side::server, side::client})
        now.sample(at + 1ms, one, std::nullopt);
}

void lose_request(telling& now, duration at) {
    const auto client_saw = now.next(side::server);
    now.close(at - 10us, side::server, close_reason::idle_deadline, tcp_state::established);
    now.segment(at, side::server, flag::fin | flag::ack);
    auto& second = now.event(at + 3us, side::client, event_kind::request_sent);
    second.request = 2;
    now.segment(at + 5us, side::client, flag::ack | flag::psh, request_bytes, client_saw);
    now.segment(at + 30us, side::server, flag::rst);
    now.event(at + 35us, side::client, event_kind::reset);
    auto& close = now.event(at + 40us, side::client, event_kind::close);
    close.reason = close_reason::lost_reuse;
    close.state_before = tcp_state::closed;
    close.unread = 7;
    close.pending_fin = true;
    close.says_close = true;
    for (const auto one : {side::server, side::client})
        now.sample(at + 1ms, one, std::nullopt);
}

}  // namespace

timeline tell(story what, duration idle) {
    telling now;
    now.open_and_answer();
    const auto at = 200us + idle;
    switch (what) {
        case story::server_first:
            close_orderly(now, at, side::server);
            break;
        case story::client_first:
            close_orderly(now, at, side::client);
            break;
        case story::crossed:
            close_crossed(now, at);
            break;
        case story::server_resets:
            close_by_reset(now, at);
            break;
        case story::lost_request:
            lose_request(now, at);
            break;
        case story::never_closed:
            for (const auto one : {side::server, side::client})
                now.sample(at, one, tcp_state::established);
            break;
        case story::without_wire:
            close_orderly(now, at, side::client);
            now.timeline_so_far().segments.clear();
            now.timeline_so_far().wire_watched = false;
            break;
        case story::contradicted:
            close_orderly(now, at, side::server);
            for (auto& one : now.timeline_so_far().samples)
                one.state = one.of == side::client ? std::optional(tcp_state::time_wait) : std::nullopt;
            break;
        case story::lost_segments:
            close_orderly(now, at, side::server);
            now.timeline_so_far().faults = {"the capture lost 3 segments", "and said \"so\"\n"};
            break;
    }
    return now.timeline_so_far();
}

store::trial_record sample_trial(std::string cell, std::uint32_t number, story what, duration idle) {
    store::trial_record out;
    out.cell = std::move(cell);
    out.number = number;
    out.timeline = tell(what, idle);
    out.verdict = judge(out.timeline);
    return out;
}

store::run_record sample_run() {
    store::run_record out;
    out.name = "quick";
    out.title = "Does the server or the client close first?";
    out.experiment_text = "title = \"Does the server ...\"\n# --set server.keepalive_timeout=65s\n";
    out.plan_hash = "00ff00ff00ff00ff";
    out.version = "0.1.0";
    out.seed = 18'446'744'073'709'551'615U;
    out.time_scale = 0.1;
    out.replicates = 2;
    out.sandbox = "netns";
    out.environment = {{"kernel", "6.18.0"}, {"net.ipv4.tcp_fin_timeout", "60"}, {"a \"quoted\" name", "tab\there"}};
    out.axes = {{"server.keepalive_timeout", {"65s", "120s"}}, {"client.idle_timeout", {"115s", "never"}}};
    out.expects = {
        {{{"server.keepalive_timeout", "120s"}, {"client.idle_timeout", "115s"}}, "first_fin", "server", "undecided"},
        {{{"server.keepalive_timeout", "65s"}}, "time_wait", "", "server"},
        {{},
         "idle_at_close",
         "60s..70s",
         "64s..67s",
         "10a",
         "about 65 s",
         "the timer says so",
         true,
         "not at this scale"}};
    return out;
}

std::vector<store::cell_record> sample_cells() {
    std::vector<store::cell_record> out;
    for (const auto* server : {"65s", "120s"})
        for (const auto* client : {"115s", "never"}) {
            store::cell_record cell;
            cell.id = "cell-" + std::string(server) + "-" + client;
            cell.params = {{"client.idle_timeout", client},
                           {"link.family", "ipv4"},
                           {"scenario.path", "/"},
                           {"server.keepalive_timeout", server}};
            cell.predicted =
                std::string_view(server) == "65s" || std::string_view(client) == "never" ? "server" : "client";
            if (std::string_view(client) != "never")
                cell.margin = std::string_view(server) == "65s" ? duration(5s) : duration(500ms);
            cell.longest = 6s;
            out.push_back(std::move(cell));
        }
    return out;
}

store::run_end_record sample_end() {
    store::run_end_record out;
    out.resolution_ms = 0.8125;
    out.wall = 12'345'678'901ns;
    out.segments_captured = 4'000'000'000'000U;
    out.segments_lost = 3;
    out.warnings = {"the machine was busy", "line one\nline two"};
    return out;
}

}  // namespace firstfin::test
