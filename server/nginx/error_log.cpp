#include "server/nginx/error_log.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>

#include "core/parse_error.hpp"
#include "server/nginx_conf/message.hpp"

namespace firstfin::nginx {

namespace {
constexpr std::array<std::string_view, 9> level_names = {"stderr", "emerg",  "alert", "crit", "error",
                                                         "warn",   "notice", "info",  "debug"};

std::string failure_to_open(const std::string& path) {
    return fmt::format("open() \"{}\" failed ({}: {})", path, errno, std::strerror(errno));
}

int open_log(const std::string& path) {
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}
}  // namespace

std::optional<log_level> log_level_of(std::string_view name) {
    for (std::size_t i = 0; i < level_names.size(); ++i)
        if (level_names[i] == name) return static_cast<log_level>(i);
    if (name.starts_with("debug_")) return log_level::debug;
    return std::nullopt;
}

error_log::error_log(std::string path, log_level least) : path_(std::move(path)), least_(least) {
    if (path_ == "stderr") {
        path_.clear();
        return;
    }
    fd_ = open_log(path_);
    if (fd_ < 0) throw environment_lacks(failure_to_open(path_));
}

error_log::~error_log() {
    if (!path_.empty()) ::close(fd_);
}

error_log::error_log(error_log&& from) noexcept
    : path_(std::exchange(from.path_, {})),
      fd_(std::exchange(from.fd_, 2)),
      least_(from.least_),
      starting_(from.starting_) {}

error_log& error_log::operator=(error_log&& from) noexcept {
    std::swap(path_, from.path_);
    std::swap(fd_, from.fd_);
    std::swap(least_, from.least_);
    std::swap(starting_, from.starting_);
    return *this;
}

void error_log::write(log_level level, std::string_view text, std::uint64_t connection) const {
    if (!takes(level)) return;
    const auto name = level_names[static_cast<std::size_t>(level)];
    const auto shown = nginx_conf::printable(text);
    if (starting_ && level <= log_level::warn) {
        const auto line = fmt::format("firstfin-server: [{}] {}\n", name, shown);
        std::ignore = ::write(STDERR_FILENO, line.data(), line.size());
        if (path_.empty()) return;
    }
    const std::time_t now = std::time(nullptr);
    std::tm here{};
    ::localtime_r(&now, &here);
    const auto whose = connection == 0 ? std::string() : fmt::format("*{} ", connection);
    const auto pid = ::getpid();  // nginx's second number is the thread's, and the first thread has the process's
    const auto line = fmt::format("{:%Y/%m/%d %H:%M:%S} [{}] {}#{}: {}{}\n", here, name, pid, pid, whose, shown);
    std::ignore = ::write(fd_, line.data(), line.size());
}

void error_log::reopen(uid_t owner) {
    if (path_.empty()) return;
    const int fresh = open_log(path_);
    if (fresh < 0) return write(log_level::emerg, failure_to_open(path_));
    std::ignore = ::fchown(fresh, owner, static_cast<gid_t>(-1));
    // In place: whoever shares this object goes on with the same number.
    ::dup3(fresh, fd_, O_CLOEXEC);
    ::close(fresh);
    if (!starting_) take_standard_error();
}

error_log error_log::while_starting() && {
    starting_ = true;
    return std::move(*this);
}

void error_log::take_standard_error() {
    starting_ = false;
    if (!path_.empty()) ::dup2(fd_, STDERR_FILENO);
}

}  // namespace firstfin::nginx
