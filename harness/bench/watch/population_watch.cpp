#include "harness/bench/watch/population_watch.hpp"

#include <time.h>

#include <boost/asio/post.hpp>
#include <utility>

#include "harness/bench/watch/population_count.hpp"

namespace firstfin::bench {

namespace {

duration cpu_of_this_thread() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

}  // namespace

population_watch::population_watch(boost::asio::io_context& context, const endpoint& server,
                                   std::optional<witness::sock_diag> at_client,
                                   std::optional<witness::sock_diag> at_server, duration interval)
    : server_(without_mapping(server)),
      at_client_(std::move(at_client)),
      at_server_(std::move(at_server)),
      interval_(interval),
      timer_(context) {
    boost::asio::post(context, [this, watching = watching_] {
        if (*watching) sample_and_wait();
    });
}

population_watch::~population_watch() {
    finish();
}

void population_watch::finish() {
    *watching_ = false;
    timer_.cancel();
}

void population_watch::sample_and_wait() {
    const auto before = cost_;
    sample();
    timer_.expires_after(pause_after(cost_ - before, interval_));
    timer_.async_wait([this, watching = watching_](const boost::system::error_code& stopped) {
        if (!stopped && *watching) sample_and_wait();
    });
}

void population_watch::sample() {
    const auto before = cpu_of_this_thread();
    const auto at = steady::now();
    samples_.push_back({at, look()});
    cost_ += cpu_of_this_thread() - before;
}

population population_watch::look() {
    population out;
    if (at_client_) {
        population_count held(server_);
        at_client_->dump([&held](const witness::socket_row& row) { held.add(row); },
                         {.remote = server_.port(), .family = server_.protocol().family()});
        out.client = held.time_waits();
        out.ports = held.ports();
    }
    if (at_server_) {
        const auto counts = at_server_->count_states({.local = server_.port(), .state = tcp_state::time_wait});
        out.server = counts[tcp_state::time_wait];
    }
    return out;
}

std::vector<population> population_watch::within(time_point began, duration lasted) const {
    std::vector<population> out;
    for (const auto& [at, seen] : samples_) {
        if (at < began || at > began + lasted) continue;
        out.push_back(seen);
        out.back().at = at - began;
    }
    return out;
}

}  // namespace firstfin::bench
