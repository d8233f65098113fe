#include "harness/run/nginx_process.hpp"

#include <fmt/format.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <thread>

#include "core/parse_error.hpp"
#include "server/nginx_conf/message.hpp"

namespace firstfin::run {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

namespace {

constexpr duration start_patience = 10s;
constexpr std::size_t kept_errors = 4096;

/// In a user namespace of an ordinary user: nginx's workers cannot become anybody else there.
bool one_user_alone() {
    std::ifstream map("/proc/self/uid_map");
    std::uint64_t inside = 0;
    std::uint64_t outside = 0;
    std::uint64_t count = 0;
    return (map >> inside >> outside >> count) && count == 1;
}

/// What the file leaves to the command line: nginx takes no directive from both.
std::string directives_for(const experiment::nginx_server& what) {
    std::string out = what.says_daemon ? "" : "daemon off;";
    if (!one_user_alone()) return out;
    if (what.says_user)
        throw bad_input(fmt::format(
            "{}: no `user` can be followed without root: leave it out, or run as root (--sandbox netns)", what.file));
    return out + "user root;";
}

sandbox::child_process start(const experiment::nginx_server& what, const std::string& program, const fs::path& prefix,
                             const sandbox::network_namespace& network, const sandbox::pid_namespace& processes) {
    // Another nginx's, perhaps: ours would write over it, and take it away at its end.
    if (fs::exists(prefix / what.pid))
        throw environment_lacks(fmt::format("{}: its pid file {} exists already: stop that nginx, or leave `pid` out",
                                            what.file, what.pid));
    sandbox::child_options child;
    child.program = program;
    child.arguments = {"-p", prefix.string() + "/", "-c", what.file, "--nginx-version", to_text(what.version)};
    if (const auto directives = directives_for(what); !directives.empty())
        child.arguments.insert(child.arguments.end(), {"-g", directives});
    child.network = &network;
    child.processes = &processes;
    child.standard_error = sandbox::stream::pipe;
    return sandbox::child_process::start(child);
}

bool is_listening(witness::sock_diag& table, std::uint16_t port) {
    bool found = false;
    table.dump([&](const witness::socket_row& row) { found = found || row.state == tcp_state::listen; },
               {.local = port});
    return found;
}

}  // namespace

nginx_prefix::nginx_prefix(const fs::path& original) {
    auto name = (fs::temp_directory_path() / "firstfin-nginx-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw environment_lacks(fmt::format("cannot make a folder like {}: {}", name, std::strerror(errno)));
    path_ = name;
    fs::permissions(path_, fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                               fs::perms::others_read | fs::perms::others_exec);  // workers are another user
    fs::create_directory(path_ / "logs");
    for (const auto& each : fs::directory_iterator(original))
        if (each.path().filename() != "logs") fs::create_symlink(each.path(), path_ / each.path().filename());
}

nginx_prefix::~nginx_prefix() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

nginx_process::nginx_process(asio::io_context& loop, const experiment::nginx_server& what, const std::string& program,
                             const sandbox::network_namespace& network, const sandbox::pid_namespace& processes,
                             witness::sock_diag& table)
    : file_(what.file),
      prefix_(fs::path(what.file).parent_path()),
      child_(start(what, program, prefix_.path(), network, processes)),
      end_(loop, ::dup(child_.pidfd())),
      errors_(loop, child_.stderr_fd().release()) {
    errors_.non_blocking(true);
    const auto give_up = steady::now() + start_patience;
    // The pid file comes after the last of its sockets: one of them may listen although the next cannot.
    while (!is_listening(table, what.port) || !fs::exists(prefix_.path() / what.pid)) {
        if (const auto status = child_.wait_for(10ms)) {
            if (*status == sandbox::exit_status{sandbox::exit_status::by::exit, 2}) throw bad_input(how_it_ended());
            throw environment_lacks(how_it_ended());
        }
        if (steady::now() > give_up)
            throw environment_lacks(
                fmt::format("{}: nothing listens on port {} after {}", file_, what.port, to_text(start_patience)));
    }
}

nginx_process::~nginx_process() {
    dismiss();
    child_.signal(SIGTERM);
    (void)child_.wait_for(2s);
}

void nginx_process::watch(std::function<void(const std::string&)> ended) {
    read_errors();
    end_.async_wait(asio::posix::stream_descriptor::wait_read,
                    [this, told = std::move(ended)](const boost::system::error_code& stopped) {
                        if (!stopped) told(how_it_ended());
                    });
}

void nginx_process::dismiss() {
    boost::system::error_code ignored;
    end_.close(ignored);
    errors_.close(ignored);
}

void nginx_process::read_errors() {
    errors_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& stopped) {
        if (stopped) return;
        std::array<char, 4096> part{};
        boost::system::error_code failed;
        const auto bytes = errors_.read_some(asio::buffer(part), failed);
        said_.append(part.data(), bytes);
        if (said_.size() > kept_errors) said_.erase(0, said_.size() - kept_errors);
        if (!failed || failed == asio::error::would_block) read_errors();
    });
}

std::string nginx_process::how_it_ended() {
    const auto status = child_.wait();
    std::array<char, 4096> part{};
    boost::system::error_code failed;
    while (const auto bytes = errors_.read_some(asio::buffer(part), failed))
        said_.append(part.data(), bytes);
    while (said_.ends_with('\n'))
        said_.pop_back();
    std::string words;
    for (const char c : said_)
        words += c == '\n' ? std::string("; ") : std::string(1, c);
    return fmt::format("the server with {} ended: {}{}{}", file_, sandbox::to_text(status), words.empty() ? "" : ": ",
                       nginx_conf::printable(words));
}

}  // namespace firstfin::run
