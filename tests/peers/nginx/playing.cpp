#include "tests/peers/nginx/playing.hpp"

#include <algorithm>
#include <barrier>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "harness/witness/capture.hpp"
#include "harness/witness/packet.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/peers/nginx/client_connection.hpp"
#include "tests/peers/nginx/nginx_process.hpp"

namespace firstfin::testing {

namespace {

bool signals(const play& one) {
    return std::ranges::any_of(one.steps, [](const step& each) { return std::holds_alternative<send_signal>(each); });
}

/// Lets the plays that signal wait for each other; the last to come sends.
class signalling {
public:
    signalling(nginx_process& to, const std::vector<play>& plays)
        : to_(to), all_here_(std::ranges::count_if(plays, signals)) {}

    time_point deliver(int number) {
        all_here_.arrive_and_wait();
        const std::scoped_lock one_at_a_time(lock_);
        if (!sent_at_) {
            sent_at_ = steady::now();
            to_.signal(number);
        }
        return *sent_at_;
    }
    /// A play that failed before its signal.
    void leave() { all_here_.arrive_and_drop(); }

private:
    nginx_process& to_;
    std::barrier<> all_here_;
    std::mutex lock_;
    std::optional<time_point> sent_at_;
};

/// The connections of a play. They stay open until the capture is read, so that it shows what the steps did and no
/// closing of ours.
struct connections {
    std::unique_ptr<client_connection> own;
    std::vector<std::unique_ptr<client_connection>> crowd;
    std::string failure;
};

void run(const play& what, const sandbox::stage_network& network, signalling& signals_of_all, connections& into) {
    const auto deliver = [&](int number) { return signals_of_all.deliver(number); };
    try {
        for (std::size_t i = 0; i < what.crowd; ++i) {
            into.crowd.push_back(std::make_unique<client_connection>(network, what.port, deliver));
            into.crowd.back()->play(what.crowd_steps);
        }
        if (what.steps.empty()) return;
        into.own = std::make_unique<client_connection>(network, what.port, deliver);
        into.own->play(what.steps);
        into.own->finish();
    } catch (const std::exception& error) {
        into.failure = error.what();
    }
    if (signals(what) && !(into.own && into.own->seen().signalled)) signals_of_all.leave();
}

/// What the capture saw, by the client's port.
class captured_connections {
public:
    void add(time_point at, std::span<const std::uint8_t> frame, const address& server) {
        const auto seen = witness::parse_ethernet_frame(frame);
        if (!seen) return;
        const auto from = seen->source.address() == server ? side::server : side::client;
        const auto port = (from == side::server ? seen->destination : seen->source).port();
        by_port_[port].push_back({at, seen->seq, seen->ack, seen->payload, from, seen->flags, seen->headers});
    }
    [[nodiscard]] std::vector<witness::segment> of(const client_connection& one) {
        return by_port_[one.local().port()];
    }

private:
    std::map<std::uint16_t, std::vector<witness::segment>> by_port_;
};

}  // namespace

std::vector<played> play_case(const conformance_case& about) {
    const sandbox::stage_network network({.stage = 21});
    nginx_process program(about, network);
    const auto server = network.server_address(sandbox::ip_family::v4);
    witness::capture wire(network.client_ns(), sandbox::stage_network::client_interface(), endpoint(server, 0));
    std::optional<slow_upstream> upstream;
    if (about.upstream) upstream.emplace(network, *about.upstream);

    signalling signals_of_all(program, about.plays);
    std::vector<connections> all(about.plays.size());
    {
        std::vector<std::jthread> threads;
        for (std::size_t i = 0; i < all.size(); ++i)
            threads.emplace_back([&, i] { run(about.plays[i], network, signals_of_all, all[i]); });
    }

    captured_connections captured;
    const auto end = wire.drain(
        test_deadline, [&](time_point at, auto frame) { captured.add(at, frame, server); }, nullptr);
    if (!end.tail_seen || end.lost > 0) throw std::runtime_error("the capture is not whole");
    std::vector<played> out(all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!all[i].failure.empty()) throw std::runtime_error(all[i].failure + "\n" + program.error_log());
        for (auto& one : all[i].crowd) {
            one->seen().segments = captured.of(*one);
            out[i].crowd.push_back(std::move(one->seen()));
        }
        if (!all[i].own) continue;
        all[i].own->seen().segments = captured.of(*all[i].own);
        out[i].own = std::move(all[i].own->seen());
    }
    return out;
}

}  // namespace firstfin::testing
