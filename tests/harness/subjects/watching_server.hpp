#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <netinet/in.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/duration.hpp"
#include "harness/sandbox/network_namespace.hpp"
#include "harness/sandbox/system_call.hpp"

namespace firstfin::testing {

/// A server that never closes, on 127.0.0.1 of a namespace, without a thread: children can be started beside it. It
/// answers every request alike, whatever its connection header says, and remembers what came when.
class watching_server {
public:
    struct request {
        time_point at;
        std::string text;
    };
    struct connection {
        sandbox::unique_fd fd;
        std::vector<request> requests;
        std::optional<time_point> ended;
        std::string unread;
    };

    explicit watching_server(const sandbox::network_namespace& where) {
        const sandbox::netns_scope inside(where);
        listener_ = sandbox::unique_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        auto* plain = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener_.get(), plain, size) != 0 || ::listen(listener_.get(), 64) != 0 ||
            ::getsockname(listener_.get(), plain, &size) != 0)
            throw std::runtime_error("the test's server cannot listen");
        port_ = ntohs(address.sin_port);
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const std::vector<connection>& connections() const { return connections_; }

    /// Those that carried a request, in the order of their first.
    [[nodiscard]] std::vector<const connection*> used() const {
        std::vector<const connection*> out;
        for (const auto& each : connections_)
            if (!each.requests.empty()) out.push_back(&each);
        return out;
    }

    /// Serves until `holds()`; false when the patience runs out first.
    bool serve_until(const std::function<bool()>& holds, duration patience) {
        const auto give_up = steady::now() + patience;
        while (!holds()) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - steady::now()).count();
            if (left <= 0) return false;
            std::vector<pollfd> waiting{{listener_.get(), POLLIN, 0}};
            for (const auto& each : connections_)
                waiting.push_back({each.ended ? -1 : each.fd.get(), POLLIN, 0});
            ::poll(waiting.data(), waiting.size(), static_cast<int>(left));
            for (std::size_t i = 1; i < waiting.size(); ++i)
                if (waiting[i].revents != 0) read(connections_[i - 1]);
            if (waiting[0].revents != 0) accept();
        }
        return true;
    }
    void serve_for(duration time) {
        serve_until([] { return false; }, time);
    }

private:
    void accept() {
        sandbox::unique_fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (fd.get() >= 0) connections_.push_back({std::move(fd), {}, std::nullopt, {}});
    }

    static void read(connection& from) {
        char part[16384];
        const auto bytes = ::recv(from.fd.get(), part, sizeof part, 0);
        if (bytes < 0 && errno == EAGAIN) return;
        if (bytes <= 0) {
            from.ended = steady::now();
            from.fd.reset();
            return;
        }
        from.unread.append(part, static_cast<std::size_t>(bytes));
        for (auto end = from.unread.find("\r\n\r\n"); end != std::string::npos; end = from.unread.find("\r\n\r\n")) {
            from.requests.push_back({steady::now(), from.unread.substr(0, end + 2)});
            from.unread.erase(0, end + 4);
            static constexpr std::string_view answer =
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 48\r\n\r\n"
                "<!doctype html><link rel=icon href=data:,>works\n";
            [[maybe_unused]] const auto sent = ::send(from.fd.get(), answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }

    sandbox::unique_fd listener_;
    std::uint16_t port_ = 0;
    std::vector<connection> connections_;
};

}  // namespace firstfin::testing
