// slow-clients ADDRESS PORT COUNT SECONDS: that many connections, each of which sends one byte of a request's header
// every SECONDS and never ends it. Prints "ready" when all are open and have sent their first byte; ends by a signal.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <thread>
#include <vector>

namespace {

int connect_to(const sockaddr_in& where) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || ::connect(fd, reinterpret_cast<const sockaddr*>(&where), sizeof where) != 0) {
        std::fprintf(stderr, "slow-clients: %s\n", std::strerror(errno));
        std::exit(1);
    }
    return fd;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) {
        std::fputs("usage: slow-clients ADDRESS PORT COUNT SECONDS\n", stderr);
        return 2;
    }
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[2])));
    ::inet_pton(AF_INET, argv[1], &where.sin_addr);
    const auto count = static_cast<std::size_t>(std::atoi(argv[3]));
    const std::chrono::duration<double> period(std::atof(argv[4]));

    constexpr std::string_view header = "GET / HTTP/1.1\r\nHost: slow\r\nX-Long: ";
    std::vector<int> all;
    const auto send_one = [&](int fd, std::size_t number) {
        const char byte = number < header.size() ? header[number] : 'x';
        return ::send(fd, &byte, 1, MSG_NOSIGNAL);
    };
    while (all.size() < count) {
        all.push_back(connect_to(where));
        send_one(all.back(), 0);
    }
    std::puts("ready");
    std::fflush(stdout);
    // Spread over the period: a hundred slices of it.
    constexpr std::size_t slices = 100;
    for (std::size_t round = 1;; ++round)
        for (std::size_t slice = 0; slice < slices; ++slice) {
            for (auto i = slice; i < all.size(); i += slices)
                send_one(all[i], round);
            std::this_thread::sleep_for(period / slices);
        }
}
