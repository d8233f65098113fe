#include "server/listener.hpp"

#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/ip/v6_only.hpp>
#include <cerrno>

namespace firstfin {

namespace {

constexpr int backlog = 4096;
constexpr int fair_share = 64;  ///< connections accepted before others get their turn
constexpr auto descriptor_retry = std::chrono::milliseconds(500);

std::string remedy_for(const boost::system::error_code& failed, const endpoint& where) {
    namespace error = boost::asio::error;
    if (failed == error::address_in_use)
        return fmt::format(
            "; stop the program that has it (`ss -ltnp 'sport = :{}'` shows which) or choose another port",
            where.port());
    if (failed == error::access_denied) return "; ports below 1024 need root: choose a higher one";
    if (failed == boost::system::errc::address_not_available) return "; no interface of this machine has that address";
    if (failed == error::no_descriptors) return "; raise the descriptor limit (ulimit -n)";
    return {};
}

}  // namespace

listener::listener(common_ground& ground, const endpoint& where, const server_policy& policy)
    : ground_(ground), policy_(policy), responses_(policy), acceptor_(ground.loop) {
    try {
        acceptor_.open(where.protocol());
        acceptor_.set_option(boost::asio::socket_base::reuse_address(true));
        // As nginx: [::] leaves IPv4 alone, and no address is ever a mapped one.
        if (where.address().is_v6()) acceptor_.set_option(boost::asio::ip::v6_only(true));
        acceptor_.set_option(boost::asio::ip::tcp::no_delay(true));  // accepted sockets inherit it
        acceptor_.bind(where);
        acceptor_.listen(backlog);
        acceptor_.non_blocking(true);
        local_ = acceptor_.local_endpoint();
    } catch (const boost::system::system_error& failed) {
        throw environment_lacks(fmt::format("cannot listen on {}: {}{}", to_text(where), failed.code().message(),
                                            remedy_for(failed.code(), where)));
    }
}

void listener::accept_connections() {
    wait_for_connection();
}

void listener::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    disarm();
    paused_ = false;
}

void listener::wait_for_connection() {
    acceptor_.async_wait(boost::asio::socket_base::wait_read, [this](const boost::system::error_code& failed) {
        if (failed || !acceptor_.is_open()) return;
        int accepted = 0;
        while (accepted < fair_share && accept_one())
            ++accepted;
        if (!paused_) wait_for_connection();
    });
}

bool listener::accept_one() {
    endpoint remote;
    for (;;) {
        auto size = static_cast<socklen_t>(remote.capacity());
        const int socket = ::accept4(acceptor_.native_handle(), remote.data(), &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket >= 0) {
            remote.resize(size);
            boost::system::error_code failed;
            connection::socket_type accepted(ground_.loop);
            accepted.assign(local_.protocol(), socket, failed);
            if (failed) {
                ::close(socket);
                pause();
                return false;
            }
            const auto local = local_.address().is_unspecified() ? accepted.local_endpoint(failed) : local_;
            connection::open(*this, std::move(accepted), local, remote);
            return true;
        }
        switch (errno) {
            case EAGAIN:
                return false;
            case EMFILE:
            case ENFILE:
            case ENOBUFS:
            case ENOMEM:
                pause();
                return false;
            case EBADF:
            case EINVAL:
                return false;
            default:
                break;  // the client's misfortune, or a signal (accept(2)): the next one may be fine
        }
    }
}

// Level-triggered waiting would spin here: the queue stays readable while no descriptor is free.
void listener::pause() {
    paused_ = true;
    ground_.timers.arm(*this, steady::now() + descriptor_retry);
}

void listener::resume() {
    if (!paused_) return;
    paused_ = false;
    disarm();
    wait_for_connection();
}

void listener::on_deadline(duration) {
    resume();
}

}  // namespace firstfin
