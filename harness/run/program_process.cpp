#include "harness/run/program_process.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>

#include "core/parse_error.hpp"
#include "server/nginx_conf/message.hpp"

namespace firstfin::run {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// Node and Python on a machine that starts twenty browsers at the same time.
constexpr duration start_patience = 30s;
constexpr std::size_t kept_errors = 4096;

std::optional<sandbox::scratch_folder> make_scratch(const program_order& what) {
    if (!what.in_scratch) return std::nullopt;
    sandbox::scratch_folder out;
    out.make_folder("tmp");
    for (const auto& name : what.what.folders)
        out.make_folder(name);
    for (const auto& file : what.what.files)
        out.write(file.name, file.text, file.executable);
    return out;
}

sandbox::child_process start(const program_order& what, const sandbox::network_namespace& network,
                             const sandbox::pid_namespace& processes,
                             const std::optional<sandbox::scratch_folder>& scratch) {
    sandbox::child_options child;
    child.program = what.what.program.empty() ? what.path : what.what.program;
    child.arguments = what.what.arguments;
    child.environment = what.what.environment;
    if (scratch) {
        const auto& home = sandbox::scratch_folder::path();
        child.environment.try_emplace("HOME", home);
        child.environment.try_emplace("TMPDIR", home + "/tmp");
        for (const auto* name : {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"})
            child.environment.try_emplace(name, home + "/tmp");
        child.scratch = &*scratch;
    }
    child.network = &network;
    child.processes = &processes;
    child.standard_error = sandbox::stream::pipe;
    return sandbox::child_process::start(child);
}

bool is_listening(witness::sock_diag& table, std::uint16_t port, std::size_t sockets) {
    bool found = false;
    std::size_t count = 0;
    table.dump([&](const witness::socket_row& row) {
        if (row.state != tcp_state::listen) return;
        ++count;
        found = found || row.ends.local.port() == port;
    });
    return found && count >= sockets;
}

}  // namespace

program_process::program_process(asio::io_context& loop, const program_order& what,
                                 const sandbox::network_namespace& network)
    : name_(what.name),
      scratch_(make_scratch(what)),
      started_(steady::now()),
      child_(start(what, network, processes_, scratch_)),
      end_(loop, ::dup(child_->pidfd())),
      errors_(loop, child_->stderr_fd().release()) {
    errors_.non_blocking(true);
    read_errors();
}

program_process::~program_process() {
    dismiss();
    kill();
    child_.reset();
}

void program_process::watch(std::function<void(const std::string&)> ended) {
    ended_ = std::move(ended);
    end_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& stopped) {
        if (!stopped) look();
    });
}

void program_process::look() {
    if (!ended_ || !child_->try_wait()) return;
    std::exchange(ended_, nullptr)(how_it_ended());
}

void program_process::dismiss() {
    ended_ = nullptr;
    boost::system::error_code ignored;
    end_.close(ignored);
    errors_.close(ignored);
}

void program_process::kill() {
    processes_.kill_all();
}

void program_process::read_errors() {
    errors_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const boost::system::error_code& stopped) {
        if (stopped) return;
        take_errors();
        if (errors_.is_open()) read_errors();
    });
}

void program_process::take_errors() {
    std::array<char, 4096> part{};
    boost::system::error_code failed;
    while (const auto bytes = errors_.read_some(asio::buffer(part), failed))
        said_.append(part.data(), bytes);
    if (said_.size() > kept_errors) said_.erase(0, said_.size() - kept_errors);
    // Nobody is left to write.
    if (failed == asio::error::eof) errors_.close(failed);
}

std::string program_process::last_words() {
    if (errors_.is_open()) take_errors();
    auto words = said_;
    while (words.ends_with('\n'))
        words.pop_back();
    std::string out;
    for (const char c : words)
        out += c == '\n' ? std::string("; ") : std::string(1, c);
    return nginx_conf::printable(out);
}

std::string program_process::how_it_ended() {
    const auto status = child_->wait();
    const auto words = last_words();
    return fmt::format("{} ended: {}{}{}", name_, sandbox::to_text(status), words.empty() ? "" : ": ", words);
}

void await_listening(program_process& server, const program_order& what, witness::sock_diag& table,
                     std::uint16_t port) {
    const auto give_up = steady::now() + start_patience;
    while (!is_listening(table, port, what.listens)) {
        if (server.wait_for(10ms)) throw environment_lacks(server.how_it_ended());
        if (steady::now() > give_up)
            throw environment_lacks(fmt::format("{}: nothing listens on port {} after {}; it said: {}", what.name, port,
                                                to_text(start_patience), server.last_words()));
    }
}

}  // namespace firstfin::run
