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
#include "server/nginx_conf/bound_listens.hpp"

namespace firstfin::nginx {

using nginx_conf::listen_value;

namespace {

constexpr int tries = 5;
constexpr auto between_tries = std::chrono::milliseconds(500);

/// Worth another try: whoever has the address may be about to leave it.
struct address_in_use : environment_lacks {
    using environment_lacks::environment_lacks;
};

std::string failure(std::string_view what, int error) {
    return fmt::format("{} failed ({}: {})", what, error, std::strerror(error));
}

}  // namespace

/// A listening socket, owned.
class listening_sockets::bound {
public:
    bound(const listen_value& options, const std::string& text) {
        const endpoint where(options.where.ip, options.where.port);
        fd_ = ::socket(where.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (fd_ < 0) throw environment_lacks(failure("socket() " + text, errno));
        try {
            set(SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR", text);
            if (options.reuseport) set(SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT", text);
            if (where.address().is_v6()) set(IPPROTO_IPV6, IPV6_V6ONLY, options.ipv6only ? 1 : 0, "IPV6_V6ONLY", text);
            if (::bind(fd_, where.data(), static_cast<socklen_t>(where.size())) != 0) {
                const int error = errno;
                const auto what = failure("bind() to " + text, error);
                if (error == EADDRINUSE) throw address_in_use(what);
                throw environment_lacks(what);
            }
            apply(options, text);
        } catch (...) {
            ::close(fd_);
            throw;
        }
    }
    ~bound() { ::close(fd_); }
    bound(const bound&) = delete;
    bound& operator=(const bound&) = delete;

    [[nodiscard]] int fd() const { return fd_; }

    /// What a reload may change in a socket that stays. Values that are no longer written stay as they are in nginx,
    /// too, but for `deferred`.
    void apply(const listen_value& options, const std::string& text) const {
        // For its siblings: a socket bound without it shares its address only once it has it.
        if (options.reuseport) set(SOL_SOCKET, SO_REUSEPORT, 1, "SO_REUSEPORT", text);
        if (options.rcvbuf) set(SOL_SOCKET, SO_RCVBUF, *options.rcvbuf, "SO_RCVBUF", text);
        if (options.sndbuf) set(SOL_SOCKET, SO_SNDBUF, *options.sndbuf, "SO_SNDBUF", text);
        if (options.fastopen) set(IPPROTO_TCP, TCP_FASTOPEN, *options.fastopen, "TCP_FASTOPEN", text);
        if (options.so_keepalive) {
            const auto& probes = *options.so_keepalive;
            set(SOL_SOCKET, SO_KEEPALIVE, probes.on ? 1 : 0, "SO_KEEPALIVE", text);
            if (probes.idle.count() != 0) set(IPPROTO_TCP, TCP_KEEPIDLE, probes.idle.count(), "TCP_KEEPIDLE", text);
            if (probes.interval.count() != 0)
                set(IPPROTO_TCP, TCP_KEEPINTVL, probes.interval.count(), "TCP_KEEPINTVL", text);
            if (probes.count != 0) set(IPPROTO_TCP, TCP_KEEPCNT, probes.count, "TCP_KEEPCNT", text);
        }
        // On a socket that listens already this changes its backlog.
        if (::listen(fd_, static_cast<int>(options.backlog)) != 0)
            throw environment_lacks(failure(fmt::format("listen() to {}, backlog {}", text, options.backlog), errno));
        set(IPPROTO_TCP, TCP_DEFER_ACCEPT, options.deferred ? 1 : 0, "TCP_DEFER_ACCEPT", text);
    }

private:
    void set(int level, int option, std::int64_t value, const char* name, const std::string& text) const {
        const auto number = static_cast<int>(value);
        if (::setsockopt(fd_, level, option, &number, sizeof number) != 0)
            throw environment_lacks(failure(fmt::format("setsockopt({}, {}) {}", name, value, text), errno));
    }

    int fd_ = -1;
};

listening_sockets::listening_sockets(const nginx_conf::http_settings& settings, unsigned workers,
                                     const listening_sockets& before, const error_log& log) {
    for (int left = tries; left != 0; --left) {
        if (open_all(settings, workers, before, log)) return;
        log.write(log_level::notice, fmt::format("try again to bind() after {}ms", between_tries.count()));
        std::this_thread::sleep_for(between_tries);
    }
    throw environment_lacks("still could not bind()");
}

// What an earlier try opened is kept.
bool listening_sockets::open_all(const nginx_conf::http_settings& settings, unsigned workers,
                                 const listening_sockets& before, const error_log& log) {
    bool complete = true;
    for (const auto index : bound_listens(settings.listens)) {
        const auto& one = settings.listens[index];
        auto& here = places_[one.text];
        here.listen = index;
        const std::size_t wanted = one.options.reuseport ? workers : 1;
        if (const auto known = before.places_.find(one.text); here.sockets.empty() && known != before.places_.end()) {
            here.sockets = known->second.sockets;
            if (here.sockets.size() > wanted) here.sockets.resize(wanted);
            for (const auto& each : here.sockets)
                each->apply(one.options, one.text);
        }
        try {
            while (here.sockets.size() < wanted)
                here.sockets.push_back(std::make_shared<const bound>(one.options, one.text));
        } catch (const address_in_use& failed) {
            log.write(log_level::emerg, failed.what());
            complete = false;
        }
    }
    return complete;
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
