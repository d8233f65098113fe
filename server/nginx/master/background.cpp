#include "server/nginx/master/background.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "core/parse_error.hpp"

namespace firstfin::nginx {

background::background() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw environment_lacks(fmt::format("pipe2() failed ({}: {})", errno, std::strerror(errno)));
    std::fflush(nullptr);
    const pid_t child = ::fork();
    if (child < 0) throw environment_lacks(fmt::format("fork() failed ({}: {})", errno, std::strerror(errno)));
    if (child > 0) {
        ::close(ends[1]);
        char fine = 0;
        ssize_t bytes = 0;
        do
            bytes = ::read(ends[0], &fine, 1);
        while (bytes < 0 && errno == EINTR);
        ::_exit(bytes == 1 ? 0 : 1);
    }
    ::close(ends[0]);
    parent_ = ends[1];
    ::setsid();
    ::umask(0);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::close(nothing);
}

background::~background() {
    if (parent_ >= 0) ::close(parent_);
}

void background::let_go() {
    const int parent = std::exchange(parent_, -1);
    std::ignore = ::write(parent, "", 1);
    ::close(parent);
}

}  // namespace firstfin::nginx
