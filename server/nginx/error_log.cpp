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

int open_log(const std::string& path) {
    return ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
}
}  // namespace

std::optional<log_level> log_level_of(std::string_view name) {
    for (std::size_t i = 0; i < level_names.size(); ++i)
        if (level_names[i] == name) return static_cast<log_level>(i);
    return std::nullopt;
}

error_log::error_log(std::string path, log_level least) : path_(std::move(path)), least_(least) {
    if (path_ == "stderr") {
        path_.clear();
        return;
    }
    fd_ = open_log(path_);
    if (fd_ < 0) throw environment_lacks(fmt::format("cannot open the error log {}: {}", path_, std::strerror(errno)));
}

error_log::~error_log() {
    if (!path_.empty()) ::close(fd_);
}

error_log::error_log(error_log&& from) noexcept
    : path_(std::exchange(from.path_, {})), fd_(std::exchange(from.fd_, 2)), least_(from.least_) {}

error_log& error_log::operator=(error_log&& from) noexcept {
    std::swap(path_, from.path_);
    std::swap(fd_, from.fd_);
    std::swap(least_, from.least_);
    return *this;
}

void error_log::write(log_level level, std::string_view text, std::uint64_t connection) const {
    if (!takes(level)) return;
    const std::time_t now = std::time(nullptr);
    std::tm here{};
    ::localtime_r(&now, &here);
    const auto whose = connection == 0 ? std::string() : fmt::format("*{} ", connection);
    const auto line =
        fmt::format("{:%Y/%m/%d %H:%M:%S} [{}] {}#0: {}{}\n", here, level_names[static_cast<std::size_t>(level)],
                    ::getpid(), whose, nginx_conf::printable(text));
    std::ignore = ::write(fd_, line.data(), line.size());
}

void error_log::reopen() {
    if (path_.empty()) return;
    const int fresh = open_log(path_);
    if (fresh < 0)
        return write(log_level::emerg,
                     fmt::format("open() \"{}\" failed ({}: {})", path_, errno, std::strerror(errno)));
    // In place: whoever shares this object goes on with the same number.
    ::dup3(fresh, fd_, O_CLOEXEC);
    ::close(fresh);
}

void error_log::take_standard_error() const {
    if (!path_.empty()) ::dup2(fd_, STDERR_FILENO);
}

}  // namespace firstfin::nginx
