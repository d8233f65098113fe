#include "server/nginx/master/pid_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <utility>

#include "core/parse_error.hpp"

namespace firstfin::nginx {

namespace {
[[noreturn]] void fail(const char* what, const std::string& path) {
    throw environment_lacks(fmt::format("{} \"{}\" failed ({}: {})", what, path, errno, std::strerror(errno)));
}
}  // namespace

// The mode is said, not left to the umask: a daemon has none, and whoever can write here chooses whom -s signals.
pid_file::pid_file(std::string path) {
    if (path.empty()) return;
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd < 0) fail("open()", path);
    const auto text = fmt::format("{}\n", ::getpid());
    const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    ::close(fd);
    if (!written) fail("write() to", path);
    path_ = std::move(path);
}

pid_file::~pid_file() {
    if (!path_.empty()) ::unlink(path_.c_str());
}

pid_file::pid_file(pid_file&& from) noexcept : path_(std::exchange(from.path_, {})) {}

pid_file& pid_file::operator=(pid_file&& from) noexcept {
    std::swap(path_, from.path_);
    return *this;
}

pid_t pid_file::read(const std::string& path) {
    errno = 0;
    std::ifstream in(path);
    if (!in) fail("open()", path);
    std::string text;
    std::getline(in, text);
    pid_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out <= 1)
        throw environment_lacks(fmt::format("invalid PID number \"{}\" in \"{}\"", text, path));
    return out;
}

}  // namespace firstfin::nginx
