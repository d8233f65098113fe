#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "core/parse_error.hpp"
#include "core/version.hpp"
#include "server/nginx/master/invocation.hpp"
#include "server/nginx/master/master.hpp"

namespace firstfin::nginx {

namespace {

struct command {
    const char* word;
    int number;
};
constexpr std::array<command, 4> commands = {
    {{"stop", SIGTERM}, {"quit", SIGQUIT}, {"reopen", SIGUSR1}, {"reload", SIGHUP}}};

int send_signal(const invocation& asked) {
    const auto path = pid_path_of(asked);
    const auto pid = pid_file::read(path);
    if (::kill(pid, *asked.signal) != 0)
        throw environment_lacks(
            fmt::format("[alert] kill({}, {}) failed ({}: {})", pid, *asked.signal, errno, std::strerror(errno)));
    return 0;
}

/// nginx's `daemon on`: the shell goes on.
void become_daemon(const error_log& log) {
    const pid_t child = ::fork();
    if (child < 0) throw environment_lacks(fmt::format("cannot go to the background: {}", std::strerror(errno)));
    if (child > 0) ::_exit(0);
    ::setsid();
    ::umask(0);
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::close(nothing);
    log.take_standard_error();
}

}  // namespace

std::optional<int> signal_of(const std::string& word) {
    for (const auto& each : commands)
        if (word == each.word) return each.number;
    return std::nullopt;
}

int run(const invocation& asked) {
    if (asked.signal) return send_signal(asked);
    master all(asked);
    if (all.wants_daemon() && all.wants_workers())
        become_daemon(all.log());
    else if (::isatty(STDERR_FILENO) != 0)
        for (const auto& each : all.addresses())
            fmt::print(stderr, "listening on {}\n", each);
    return all.serve();
}

std::string version_line(const nginx_conf::nginx_version& version) {
    return fmt::format("nginx version: nginx/{} (firstfin {})", nginx_conf::to_text(version), firstfin::version);
}

std::string build_lines(const nginx_conf::nginx_version& version) {
    std::string out = version_line(version) + "\nconfigure arguments: --prefix=" + default_prefix;
    for (const char* module : {"proxy", "fastcgi", "uwsgi", "scgi", "grpc", "memcached", "gzip", "auth_basic", "access",
                               "limit_conn", "limit_req", "map", "geo", "split_clients", "autoindex", "mirror"})
        out += fmt::format(" --without-http_{}_module", module);
    return out;
}

}  // namespace firstfin::nginx
