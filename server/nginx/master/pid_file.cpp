#include "server/nginx/master/pid_file.hpp"

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
[[noreturn]] void fail(const char* level, const std::string& path) {
    throw environment_lacks(
        fmt::format("[{}] open() \"{}\" failed ({}: {})", level, path, errno, std::strerror(errno)));
}
}  // namespace

pid_file::pid_file(std::string path) : path_(std::move(path)) {
    errno = 0;
    std::ofstream out(path_);
    out << ::getpid() << '\n' << std::flush;
    if (!out) fail("emerg", std::exchange(path_, {}));
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
    if (!in) fail("error", path);
    std::string text;
    std::getline(in, text);
    pid_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc() || end != text.data() + text.size() || out <= 1)
        throw environment_lacks(fmt::format("[error] invalid PID number \"{}\" in \"{}\"", text, path));
    return out;
}

}  // namespace firstfin::nginx
