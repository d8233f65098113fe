#include "tests/peers/nginx/client_connection.hpp"

#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <stdexcept>

#include "core/tcp_info.hpp"
#include "harness/witness/sock_diag.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {

namespace {

using namespace std::chrono_literals;

constexpr auto family = sandbox::ip_family::v4;
/// How long past its time something is waited for before it counts as missing.
constexpr auto overtime = 2s;

int in_milliseconds(duration value) {
    return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(std::max(value, duration(0))).count());
}
duration in_seconds(double value) {
    return scaled(1s, value);
}

}  // namespace

client_connection::client_connection(const sandbox::stage_network& network, std::uint16_t port, deliver signal)
    : network_(network),
      signal_(std::move(signal)),
      server_(network.server_address(family), port),
      fd_(connect_in(network.client_ns(), network.client_address(family), server_)),
      local_(local_end(fd_.get())) {
    const int on = 1;
    sandbox::check("set TCP_NODELAY", ::setsockopt(fd_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on));
}

void client_connection::play(const std::vector<step>& steps) {
    for (const auto& one : steps) {
        observed_step out;
        try {
            std::visit([&](const auto& what) { act(what, out); }, one);
        } catch (const std::exception& error) {
            out.failure = error.what();
        }
        out.done = steady::now();
        seen_.steps.push_back(out);
        if (!out.failure.empty()) return;
    }
}

void client_connection::finish() {
    if (fd_)
        while (receive(0s)) {
        }
    if (!any_answer_) seen_.left = reader_.left();
}

void client_connection::act(const send_bytes& what, observed_step&) {
    asked_.push_back(what.head);
    send_now(what.text);
}

void client_connection::act(const trickle& what, observed_step&) {
    const auto give_up = steady::now() + test_deadline;
    const bool had_end = reader_.has_ended();
    while (!is_dead() && reader_.has_ended() == had_end) {
        if (steady::now() > give_up) throw std::runtime_error("the connection did not end while bytes trickled in");
        std::ignore = ::send(fd_.get(), what.byte.data(), what.byte.size(), MSG_NOSIGNAL);
        if (!had_end && receive(in_seconds(what.every))) continue;
        pollfd dead{fd_.get(), 0, 0};
        if (had_end) ::poll(&dead, 1, in_milliseconds(in_seconds(what.every)));
    }
}

void client_connection::act(const pause_for& what, observed_step&) {
    // The client's own idle time: nothing to wait for, nothing read.
    ::poll(nullptr, 0, in_milliseconds(in_seconds(what.seconds)));
}

void client_connection::act(const half_close&, observed_step&) {
    sandbox::check("half-close", ::shutdown(fd_.get(), SHUT_WR));
}

void client_connection::act(const close_all&, observed_step&) {
    fd_.reset();
}

void client_connection::act(const send_signal& what, observed_step&) {
    seen_.signalled = signal_(what.number);
}

void client_connection::act(const open_beside&, observed_step&) {
    beside_ = connect_in(network_.client_ns(), network_.client_address(family), server_);
    const std::string request = "GET /file HTTP/1.1\r\nHost: beside\r\n\r\n";
    std::ignore = ::send(beside_.get(), request.data(), request.size(), MSG_NOSIGNAL);
    if (!await_readable(beside_.get())) throw std::runtime_error("a connection beside this one has no answer");
    std::array<char, 4096> answer{};
    std::ignore = ::recv(beside_.get(), answer.data(), answer.size(), 0);
}

void client_connection::act(const await_beside&, observed_step&) {
    if (read_to_end(beside_.get()).ends_with("(no end of file)"))
        throw std::runtime_error("the idle connection beside this one was not closed");
}

void client_connection::act(const expect_answer& want, observed_step& out) {
    any_answer_ = any_answer_ || want.status == "any";
    if (want.status == "any") return;
    if (want.status == "none") {
        while (receive(0s)) {
        }
        out.left = reader_.left();
        return;
    }
    const bool head = !asked_.empty() && asked_.front();
    if (!asked_.empty()) asked_.pop_front();
    const auto give_up = steady::now() + test_deadline;
    for (;;) {
        out.answer = reader_.next(head);
        if (out.answer || reader_.has_ended() || steady::now() > give_up) return;
        receive(give_up - steady::now());
    }
}

void client_connection::act(const expect_end& want, observed_step&) {
    if (want.kind == end_kind::open || want.kind == end_kind::client_fin) return;
    const auto give_up = steady::now() + in_seconds(want.after + want.tolerance.value_or(0)) + overtime;
    while (want.kind == end_kind::server_fin && !reader_.has_ended() && steady::now() < give_up)
        receive(give_up - steady::now());
    if (want.kind != end_kind::server_rst) return;
    while (!is_dead() && steady::now() < give_up) {
        if (!want.stalled && !reader_.has_ended() && receive(give_up - steady::now())) continue;
        pollfd dead{fd_.get(), 0, 0};
        ::poll(&dead, 1, in_milliseconds(give_up - steady::now()));
    }
}

void client_connection::act(const expect_late_bytes&, observed_step& out) {
    send_now("late");
    const bool settled = eventually([&] {
        int unacknowledged = 0;
        if (is_dead()) return true;
        sandbox::check("ask for unacknowledged bytes", ::ioctl(fd_.get(), SIOCOUTQ, &unacknowledged));
        return unacknowledged == 0;
    });
    if (!settled) throw std::runtime_error("late bytes were neither acknowledged nor refused");
    out.late_taken = !is_dead();
}

void client_connection::act(const expect_time_wait&, observed_step& out) {
    fd_.reset();
    witness::sock_diag clients(network_.client_ns());
    witness::sock_diag servers(network_.server_ns());
    std::optional<tcp_state> client;
    std::optional<tcp_state> server;
    const auto is_settled = [](std::optional<tcp_state> state) { return !state || state == tcp_state::time_wait; };
    const bool settled = eventually([&] {
        client = clients.query(local_, server_);
        server = servers.query(server_, local_);
        return is_settled(client) && is_settled(server);
    });
    if (!settled) return;
    out.time_wait = client && server ? party::both : client ? party::client : server ? party::server : party::none;
}

void client_connection::act(const expect_server_state& want, observed_step& out) {
    witness::sock_diag servers(network_.server_ns());
    const auto give_up = steady::now() + in_seconds(want.after) + overtime;
    do {
        out.state = servers.query(server_, local_);
        if (out.state == want.state) return;
        ::poll(nullptr, 0, 2);
    } while (steady::now() < give_up);
}

void client_connection::act(const expect_refusal&, observed_step& out) {
    // nginx's master closes its own listening sockets after it told the workers: until then the kernel takes
    // connections that nobody will serve.
    const auto give_up = steady::now() + overtime;
    do {
        try {
            connect_in(network_.client_ns(), network_.client_address(family), server_);
        } catch (const boost::system::system_error& error) {
            if (error.code() == boost::system::errc::connection_refused) return;
            throw;
        }
        ::poll(nullptr, 0, 2);
    } while (steady::now() < give_up);
    out.failure = "expected a refused connection, it was accepted";
}

/// True when bytes came.
bool client_connection::receive(duration patience) {
    pollfd readable{fd_.get(), POLLIN, 0};
    if (reader_.has_ended() || ::poll(&readable, 1, in_milliseconds(patience)) != 1) return false;
    std::array<char, 1 << 16> piece{};
    const auto size = ::recv(fd_.get(), piece.data(), piece.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (size <= 0) {
        reader_.end();  // how it ended, the wire tells
        return false;
    }
    reader_.feed({piece.data(), static_cast<std::size_t>(size)});
    return true;
}

void client_connection::send_now(std::string_view text) {
    const auto sent = ::send(fd_.get(), text.data(), text.size(), MSG_NOSIGNAL);
    // A connection that is gone already shows in what follows.
    if (sent < 0 && errno != EPIPE && errno != ECONNRESET) sandbox::fail("send", errno);
}

bool client_connection::is_dead() const {
    return moment_of(fd_.get()).state == tcp_state::closed;
}

}  // namespace firstfin::testing
