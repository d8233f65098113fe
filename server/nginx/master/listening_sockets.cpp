#include "server/nginx/master/listening_sockets.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <thread>

#include "core/endpoint.hpp"
#include "core/parse_error.hpp"

namespace firstfin::nginx {

using nginx_conf::listen_value;

/// A listening socket, owned.
class listening_sockets::bound {
public:
    bound(const listen_value& options, const std::string& text) {
        const endpoint where(options.where.ip, options.where.port);
        fd_ = ::socket(where.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd_ < 0) fail("socket()", text);
        try {
            set(SOL_SOCKET, SO_REUSEADDR, 1, "setsockopt(SO_REUSEADDR)", text);
            if (options.reuseport) set(SOL_SOCKET, SO_REUSEPORT, 1, "setsockopt(SO_REUSEPORT)", text);
            if (where.address().is_v6())
                set(IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6only ? 1 : 0, "setsockopt(IPV6_V6ONLY)", text);
            bind_to(where, text);
            apply(options, text);
            if (::listen(fd_, static_cast<int>(options.backlog)) != 0) fail("listen()", text);
        } catch (...) {
            ::close(fd_);
            throw;
        }
    }
    ~bound() { ::close(fd_); }
    bound(const bound&) = delete;
    bound& operator=(const bound&) = delete;

    [[nodiscard]] int fd() const { return fd_; }

    /// What a reload may change in a socket that stays.
    void apply(const listen_value& options, const std::string& text) const {
        if (options.rcvbuf) set(SOL_SOCKET, SO_RCVBUF, *options.rcvbuf, "setsockopt(SO_RCVBUF)", text);
        if (options.sndbuf) set(SOL_SOCKET, SO_SNDBUF, *options.sndbuf, "setsockopt(SO_SNDBUF)", text);
        if (options.deferred) set(IPPROTO_TCP, TCP_DEFER_ACCEPT, 1, "setsockopt(TCP_DEFER_ACCEPT)", text);
        if (options.fastopen) set(IPPROTO_TCP, TCP_FASTOPEN, *options.fastopen, "setsockopt(TCP_FASTOPEN)", text);
        if (!options.so_keepalive) return;
        const auto& probes = *options.so_keepalive;
        set(SOL_SOCKET, SO_KEEPALIVE, probes.on ? 1 : 0, "setsockopt(SO_KEEPALIVE)", text);
        if (probes.idle.count() != 0)
            set(IPPROTO_TCP, TCP_KEEPIDLE, probes.idle.count(), "setsockopt(TCP_KEEPIDLE)", text);
        if (probes.interval.count() != 0)
            set(IPPROTO_TCP, TCP_KEEPINTVL, probes.interval.count(), "setsockopt(TCP_KEEPINTVL)", text);
        if (probes.count != 0) set(IPPROTO_TCP, TCP_KEEPCNT, probes.count, "setsockopt(TCP_KEEPCNT)", text);
    }

private:
    [[noreturn]] static void fail(const char* what, const std::string& text) {
        throw environment_lacks(
            fmt::format("[emerg] {} to {} failed ({}: {})", what, text, errno, std::strerror(errno)));
    }

    void set(int level, int option, std::int64_t value, const char* what, const std::string& text) const {
        const auto number = static_cast<int>(value);
        if (::setsockopt(fd_, level, option, &number, sizeof number) != 0) fail(what, text);
    }

    void bind_to(const endpoint& where, const std::string& text) const {
        constexpr int tries = 5;
        for (int i = 1; ::bind(fd_, where.data(), static_cast<socklen_t>(where.size())) != 0; ++i) {
            if (errno != EADDRINUSE || i == tries) fail("bind()", text);
            std::this_thread::sleep_for(std::chrono::milliseconds(500));
        }
    }

    int fd_ = -1;
};

std::vector<std::size_t> bound_listens(const std::vector<nginx_conf::listen_socket>& listens) {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < listens.size(); ++i) {
        const auto& one = listens[i].options;
        const bool covered = !one.bind && std::ranges::any_of(listens, [&](const auto& other) {
            const auto& all = other.options.where;
            return all.is_wildcard() && !one.where.is_wildcard() && all.kind == one.where.kind &&
                   all.port == one.where.port;
        });
        if (!covered) out.push_back(i);
    }
    return out;
}

listening_sockets::listening_sockets(const nginx_conf::http_settings& settings, unsigned workers,
                                     const listening_sockets& before) {
    for (const auto index : bound_listens(settings.listens)) {
        const auto& one = settings.listens[index];
        auto& here = places_[one.text];
        here.listen = index;
        const std::size_t wanted = one.options.reuseport ? workers : 1;
        if (const auto known = before.places_.find(one.text); known != before.places_.end()) {
            here.sockets = known->second.sockets;
            if (here.sockets.size() > wanted) here.sockets.resize(wanted);
            for (const auto& each : here.sockets)
                each->apply(one.options, one.text);
        }
        while (here.sockets.size() < wanted)
            here.sockets.push_back(std::make_shared<const bound>(one.options, one.text));
    }
}

std::vector<listening_socket> listening_sockets::for_worker(unsigned number) const {
    std::vector<listening_socket> out;
    for (const auto& [text, here] : places_) {
        const auto& one = here.sockets.size() > 1 ? here.sockets[number % here.sockets.size()] : here.sockets.front();
        const int copy = ::fcntl(one->fd(), F_DUPFD_CLOEXEC, 0);
        if (copy < 0)
            throw environment_lacks(fmt::format("cannot copy the socket of {}: {}", text, std::strerror(errno)));
        out.push_back({copy, here.listen});
    }
    return out;
}

}  // namespace firstfin::nginx
