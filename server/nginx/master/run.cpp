#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <optional>

#include "core/parse_error.hpp"
#include "core/version.hpp"
#include "server/nginx/master/background.hpp"
#include "server/nginx/master/invocation.hpp"
#include "server/nginx/master/master.hpp"
#include "server/nginx_conf/message.hpp"

namespace firstfin::nginx {

namespace {

struct command {
    const char* word;
    int number;
};
constexpr std::array<command, 4> commands = {
    {{"stop", SIGTERM}, {"quit", SIGQUIT}, {"reopen", SIGUSR1}, {"reload", SIGHUP}}};

std::optional<int> signal_of(const std::string& word) {
    for (const auto& each : commands)
        if (word == each.word) return each.number;
    return std::nullopt;
}

int send_signal(const invocation& asked, const error_log& first) {
    const auto number = signal_of(asked.signal);
    if (!number) {
        fmt::print(stderr, "firstfin-server: invalid option: \"-s {}\": stop, quit, reload or reopen\n",
                   nginx_conf::printable(asked.signal));
        return 1;
    }
    const auto path = pid_path_of(asked, first);
    try {
        const auto pid = pid_file::read(path);
        if (::kill(pid, *number) == 0) return 0;
        first.write(log_level::alert,
                    fmt::format("kill({}, {}) failed ({}: {})", pid, *number, errno, std::strerror(errno)));
    } catch (const environment_lacks& failed) {
        first.write(log_level::error, failed.what());
    }
    return 1;
}

int serve(master& all) {
    all.open_sockets();
    std::optional<background> left;
    if (all.wants_daemon())
        left.emplace();
    else if (::isatty(STDERR_FILENO) != 0)
        for (const auto& each : all.addresses())
            fmt::print(stderr, "listening on {}\n", each);
    all.settle();
    if (left) left->let_go();
    return all.serve();
}

}  // namespace

int run(const invocation& asked) {
    const auto first = first_log(asked);
    std::optional<master> all;
    try {
        if (!asked.signal.empty()) return send_signal(asked, first);
        all.emplace(asked, first);
        return serve(*all);
    } catch (const refused&) {
        return 1;
    } catch (const std::exception& failed) {
        (all ? all->log() : first).write(log_level::emerg, failed.what());
        return 1;
    }
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
