#include "server/nginx/acceptor.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "server/nginx/connection.hpp"

namespace firstfin::nginx {

namespace {

constexpr auto pause_after_error = std::chrono::milliseconds(500);  // accept_mutex_delay

endpoint local_end(int fd) {
    endpoint out;
    auto size = static_cast<socklen_t>(out.capacity());
    if (::getsockname(fd, out.data(), &size) == 0) out.resize(size);
    return out;
}

}  // namespace

acceptor::acceptor(worker_state& worker, const listening_socket& socket, std::uint64_t& numbers)
    : worker_(worker),
      socket_(socket),
      numbers_(numbers),
      bound_(local_end(socket.fd)),
      is_wildcard_(bound_.address().is_unspecified()) {
    // EPOLLEXCLUSIVE: one worker is woken, not all of them.
    worker_.loop.watch(socket_.fd, *this, EPOLLIN | EPOLLEXCLUSIVE);
    accepts_ = true;
}

// Unwatched first: others hold the same socket, so that closing our number alone would leave it in our epoll.
acceptor::~acceptor() {
    stop();
    ::close(socket_.fd);
}

void acceptor::stop() {
    disarm();
    if (std::exchange(accepts_, false)) worker_.loop.forget(socket_.fd);
}

void acceptor::on_events(std::uint32_t /*events*/) {
    if (!accepts_) return;
    endpoint remote;
    auto size = static_cast<socklen_t>(remote.capacity());
    const int fd = ::accept4(socket_.fd, remote.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
        remote.resize(size);
        return take(fd, remote);
    }
    if (errno == EAGAIN || errno == EINTR) return;  // another worker was faster
    const int error = errno;
    if (error == EMFILE || error == ENFILE) return pause(error);
    worker_.log.write(error == ECONNABORTED ? log_level::error : log_level::alert,
                      fmt::format("accept4() failed ({}: {})", error, std::strerror(error)));
}

// Out of descriptors: the socket stays readable, so that looking again at once would spin.
void acceptor::pause(int error) {
    worker_.log.write(log_level::crit, fmt::format("accept4() failed ({}: {})", error, std::strerror(error)));
    stop();
    worker_.loop.arm(*this, pause_after_error);
}

void acceptor::on_deadline(duration /*lateness*/) {
    if (worker_.exiting) return;
    accepts_ = worker_.loop.try_watch(socket_.fd, *this, EPOLLIN | EPOLLEXCLUSIVE);
    if (!accepts_) worker_.loop.arm(*this, pause_after_error);
}

void acceptor::take(int fd, const endpoint& remote) {
    const auto slots = worker_.all.settings().core.worker_connections.value;
    const auto admitted = worker_.table.make_room();
    if (admitted == connection_table::admission::after_draining && worker_.may_warn_of_draining())
        worker_.log.write(log_level::warn,
                          fmt::format("{} worker_connections are not enough, reusing connections", slots));
    if (admitted == connection_table::admission::refused) {
        worker_.log.write(log_level::alert, fmt::format("{} worker_connections are not enough", slots));
        ::close(fd);
        return;
    }
    connection_facts facts;
    facts.number = ++numbers_;
    facts.accepted = worker_.loop.clock().now();
    facts.remote = remote;
    facts.local = is_wildcard_ ? local_end(fd) : bound_;
    facts.listen = is_wildcard_ ? listen_of(facts.local) : socket_.listen;
    auto made = std::make_unique<connection>(worker_, fd, facts);
    auto& one = *made;
    worker_.table.add(std::move(made));
    one.begin();
}

// nginx binds "*:80" alone where "1.2.3.4:80" is listened on too, and tells them apart by the connection's own end.
std::size_t acceptor::listen_of(const endpoint& local) const {
    const auto here = without_mapping(local);
    const auto& all = worker_.all.settings().listens;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto& where = all[i].options.where;
        if (where.port == here.port() && where.ip == here.address()) return i;
    }
    return socket_.listen;
}

}  // namespace firstfin::nginx
