// Keep-alive connections that get one answer each and then say nothing more.
//   idle-clients hold ADDRESS PORT COUNT          prints "ready" when all have their answer; ends by a signal
//   idle-clients time ADDRESS PORT COUNT GAP_MS   opens one every GAP_MS and prints, per connection, the milliseconds
//                                                 from the answer's last byte to the server's end of the connection
// Answers must carry Content-Length. Milliseconds are as this process saw them: its own waking up is part of each.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;  // CLOCK_MONOTONIC
using milliseconds = std::chrono::duration<double, std::milli>;

struct client {
    int fd;
    clock_type::time_point answered;
};

[[noreturn]] void give_up(const char* attempt) {
    std::fprintf(stderr, "idle-clients: %s: %s\n", attempt, errno ? std::strerror(errno) : "unexpected answer");
    std::exit(1);
}

// Whether these bytes are a whole answer.
bool complete(const std::string& bytes) {
    const auto header_end = bytes.find("\r\n\r\n");
    if (header_end == std::string::npos) return false;
    errno = 0;
    if (!bytes.starts_with("HTTP/1.1 200 ")) give_up("the answer");
    const char* length = ::strcasestr(bytes.c_str(), "\r\nContent-Length:");
    if (!length) give_up("Content-Length");
    return bytes.size() >= header_end + 4 + std::strtoul(length + std::strlen("\r\nContent-Length:"), nullptr, 10);
}

client open_answered(const sockaddr_in& where) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) give_up("connect");
    constexpr std::string_view request = "GET /three HTTP/1.1\r\nHost: localhost\r\n\r\n";
    if (::send(fd, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        give_up("send");
    std::string answer;
    while (!complete(answer)) {
        char part[4096];
        errno = 0;
        const auto n = ::recv(fd, part, sizeof part, 0);
        if (n <= 0) give_up("recv");
        answer.append(part, static_cast<std::size_t>(n));
    }
    return {fd, clock_type::now()};
}

// Prints and drops every connection that ends, until this moment or until none is left.
void watch(std::vector<client>& clients, clock_type::time_point until) {
    while (!clients.empty()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock_type::now()).count();
        if (left <= 0) return;
        std::vector<pollfd> polled;
        for (const auto& each : clients)
            polled.push_back({each.fd, POLLIN, 0});
        if (::poll(polled.data(), polled.size(), static_cast<int>(std::min<long>(left, 600'000))) < 0) give_up("poll");
        const auto now = clock_type::now();
        for (auto i = polled.size(); i-- > 0;) {
            if (!polled[i].revents) continue;
            char byte = 0;
            errno = 0;
            if (::recv(clients[i].fd, &byte, 1, 0) != 0) give_up("the end of a connection");
            std::printf("%.3f\n", milliseconds(now - clients[i].answered).count());
            ::close(clients[i].fd);
            clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    const bool timing = argc == 6 && std::string_view(argv[1]) == "time";
    if (!timing && !(argc == 5 && std::string_view(argv[1]) == "hold")) {
        std::fputs("usage: idle-clients hold ADDRESS PORT COUNT | time ADDRESS PORT COUNT GAP_MS\n", stderr);
        return 2;
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[3])));
    if (::inet_pton(AF_INET, argv[2], &where.sin_addr) != 1) give_up("address");
    const int count = std::atoi(argv[4]);

    std::vector<client> clients;
    for (int i = 0; i < count; ++i) {
        clients.push_back(open_answered(where));
        if (timing) watch(clients, clock_type::now() + std::chrono::milliseconds(std::atoi(argv[5])));
    }
    if (timing) {
        watch(clients, clock_type::time_point::max());
        return 0;
    }
    std::puts("ready");
    std::fflush(stdout);
    ::pause();
}
