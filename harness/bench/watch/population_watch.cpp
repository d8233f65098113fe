#include "harness/bench/watch/population_watch.hpp"

#include <algorithm>
#include <bitset>
#include <memory>

namespace firstfin::bench {

namespace {

using namespace std::chrono_literals;
constexpr duration shortest_pause = 250ms;
constexpr int pause_per_cost = 50;
constexpr std::size_t all_ports = 65536;

}  // namespace

population_watch::population_watch(boost::asio::io_context& loop, witness::sock_diag* client,
                                   witness::sock_diag* server, const endpoint& address)
    : timer_(loop), client_(client), server_(server), address_(address) {}

void population_watch::start(time_point phase_began) {
    began_ = phase_began;
    running_ = true;
    look();
}

void population_watch::stop() {
    timer_.cancel();
    if (!std::exchange(running_, false)) return;
    look();
}

void population_watch::look() {
    const auto before = steady::now();
    population now;
    now.at = before - began_;
    if (client_ != nullptr) {
        const auto held = std::make_unique<std::bitset<all_ports>>();
        std::uint64_t waiting = 0;
        client_->dump(
            [&](const witness::socket_row& row) {
                if (row.ends.remote != address_) return;
                held->set(row.ends.local.port());
                if (row.state == tcp_state::time_wait) ++waiting;
            },
            {.remote = address_.port()});
        now.client = waiting;
        now.ports = held->count();
    }
    if (server_ != nullptr) {
        std::uint64_t waiting = 0;
        server_->dump(
            [&](const witness::socket_row& row) {
                if (row.state == tcp_state::time_wait && row.ends.local == address_) ++waiting;
            },
            {.local = address_.port()});
        now.server = waiting;
    }
    samples_.push_back(now);
    if (!running_) return;
    const auto after = steady::now();
    timer_.expires_at(after + std::max(shortest_pause, pause_per_cost * (after - before)));
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled && running_) look();
    });
}

}  // namespace firstfin::bench
