#include "harness/run/nginx_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <csignal>
#include <filesystem>

#include "core/parse_error.hpp"
#include "server/nginx_conf/message.hpp"

namespace firstfin::run {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

constexpr duration start_patience = 10s;
constexpr std::size_t kept_errors = 4096;

sandbox::child_process start(const experiment::nginx_server& what, const std::string& program,
                             const sandbox::network_namespace& network, const sandbox::pid_namespace& processes) {
    sandbox::child_options child;
    child.program = program;
    // The file may be somebody's own, of a server that runs: neither its logs nor its pid file are touched.
    child.arguments = {"--write-nothing",
                       "-p",
                       std::filesystem::path(what.file).parent_path().string() + "/",
                       "-c",
                       what.file,
                       "--nginx-version",
                       to_text(what.version)};
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

nginx_process::nginx_process(asio::io_context& loop, const experiment::nginx_server& what, const std::string& program,
                             const sandbox::network_namespace& network, const sandbox::pid_namespace& processes,
                             witness::sock_diag& table)
    : file_(what.file),
      child_(start(what, program, network, processes)),
      end_(loop, ::dup(child_.pidfd())),
      errors_(loop, child_.stderr_fd().release()) {
    errors_.non_blocking(true);
    const auto give_up = steady::now() + start_patience;
    while (!is_listening(table, what.port)) {
        if (child_.wait_for(10ms)) throw environment_lacks(how_it_ended());
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
    ended_ = std::move(ended);
    end_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& stopped) {
        if (!stopped) look();
    });
}

void nginx_process::look() {
    if (!ended_ || !child_.try_wait()) return;
    std::exchange(ended_, nullptr)(how_it_ended());
}

void nginx_process::dismiss() {
    ended_ = nullptr;
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
