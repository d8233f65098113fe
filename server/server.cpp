#include "server/server.hpp"

#include <boost/asio/post.hpp>

#include "server/listener.hpp"

namespace firstfin {

namespace {

role::event event_now(role::event_kind kind) {
    role::event out;
    out.kind = kind;
    out.at = steady::now();
    return out;
}

}  // namespace

server::server(boost::asio::io_context& loop, event_sink report, std::uint64_t seed)
    : ground_(loop, std::move(report), seed) {
    ground_.on_connection_ended = [this] { connection_ended(); };
}

server::~server() {
    look_around_queued_ = true;  // nothing may be queued that outlives this
    when_finished_ = nullptr;
    ground_.report = [](const role::event&) {};
    stop();
}

endpoint server::listen(const endpoint& where, const server_policy& policy, std::string name) {
    const auto& opened = *listeners_.emplace_back(std::make_unique<listener>(ground_, where, policy));
    auto listening = event_now(role::event_kind::listening);
    listening.local = opened.local();
    listening.policy = std::move(name);
    ground_.report(listening);
    return opened.local();
}

void server::start() {
    for (const auto& each : listeners_)
        each->accept_connections();
    ground_.report(event_now(role::event_kind::ready));
}

void server::close_listeners() {
    for (const auto& each : listeners_)
        each->stop();
}

void server::stop() {
    ground_.state = common_ground::mood::finishing;
    close_listeners();
    while (!ground_.connections.empty())
        ground_.connections.front().stop();
    connection_ended();
}

void server::finish() {
    ground_.state = common_ground::mood::finishing;
    close_listeners();
    for (auto each = ground_.connections.begin(); each != ground_.connections.end();) {
        auto& candidate = *each;
        ++each;
        candidate.finish();
    }
    connection_ended();
}

// Not in the middle of whatever ended a connection: listeners may accept again, the owner may take the server apart.
void server::connection_ended() {
    if (look_around_queued_) return;
    look_around_queued_ = true;
    boost::asio::post(ground_.loop, [this] {
        look_around_queued_ = false;
        if (ground_.state == common_ground::mood::serving) {
            for (const auto& each : listeners_)
                each->resume();
        } else if (ground_.connections.empty() && !done_) {
            done_ = true;
            ground_.timers.stop();
            ground_.report(event_now(role::event_kind::done));
            if (when_finished_) when_finished_();
        }
    });
}

}  // namespace firstfin
