#include "tests/server/support/child_program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

namespace firstfin::test {

namespace {

struct pipe_ends {
    int read = -1;
    int write = -1;
};

pipe_ends open_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::system_category(), "pipe2");
    return {ends[0], ends[1]};
}

}  // namespace

child_program::child_program(const std::vector<std::string>& arguments, std::string_view input,
                             unsigned descriptor_limit) {
    const auto in = open_pipe();
    const auto out = open_pipe();
    const auto error = open_pipe();
    std::vector<char*> words;
    for (const auto& each : arguments)
        words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(in.read, STDIN_FILENO);
        ::dup2(out.write, STDOUT_FILENO);
        ::dup2(error.write, STDERR_FILENO);
        const rlimit limit{descriptor_limit, descriptor_limit};
        if (descriptor_limit != 0) ::setrlimit(RLIMIT_NOFILE, &limit);
        ::execv(words[0], words.data());
        ::_exit(127);
    }
    for (const int end : {in.read, out.write, error.write})
        ::close(end);
    while (!input.empty()) {
        const auto written = ::write(in.write, input.data(), input.size());
        if (written <= 0) break;
        input.remove_prefix(static_cast<std::size_t>(written));
    }
    ::close(in.write);
    out_ = out.read;
    error_ = error.read;
}

child_program::~child_program() {
    if (!exit_code_) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    close_output();
    ::close(error_);
}

bool child_program::fill() {
    pollfd wanted{out_, POLLIN, 0};
    if (::poll(&wanted, 1, static_cast<int>(std::chrono::milliseconds(patience).count())) <= 0)
        throw std::runtime_error("the program says nothing; so far:\n" + rest_);
    std::array<char, 65536> buffer{};
    const auto bytes = ::read(out_, buffer.data(), buffer.size());
    if (bytes <= 0) return false;
    rest_.append(buffer.data(), static_cast<std::size_t>(bytes));
    return true;
}

std::string child_program::read_line() {
    auto newline = rest_.find('\n');
    while (newline == std::string::npos) {
        if (!fill()) throw std::runtime_error("the program ended its output; left: " + rest_);
        newline = rest_.find('\n');
    }
    auto line = rest_.substr(0, newline);
    rest_.erase(0, newline + 1);
    return line;
}

role::event child_program::read_event() {
    return role::parse_event(read_line()).value();
}

role::event child_program::await(role::event_kind kind) {
    auto what = read_event();
    while (what.kind != kind)
        what = read_event();
    return what;
}

std::string child_program::rest_of_output() {
    while (fill()) {
    }
    return std::exchange(rest_, {});
}

std::vector<role::event> child_program::events_to_end() {
    std::vector<role::event> out;
    std::istringstream lines(rest_of_output());
    for (std::string line; std::getline(lines, line);)
        out.push_back(role::parse_event(line).value());
    return out;
}

void child_program::close_output() {
    if (out_ >= 0) ::close(std::exchange(out_, -1));
}

void child_program::signal(int number) const {
    ::kill(pid_, number);
}

int child_program::exit_code() {
    const auto give_up = steady::now() + patience;
    while (!exit_code_) {
        int status = 0;
        if (::waitpid(pid_, &status, WNOHANG) == pid_) {
            exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        } else if (steady::now() > give_up) {
            throw std::runtime_error("the program does not end");
        } else {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
    }
    return *exit_code_;
}

std::string child_program::complaint() {
    (void)exit_code();
    std::string out;
    std::array<char, 4096> buffer{};
    for (auto bytes = ::read(error_, buffer.data(), buffer.size()); bytes > 0;
         bytes = ::read(error_, buffer.data(), buffer.size()))
        out.append(buffer.data(), static_cast<std::size_t>(bytes));
    return out;
}

duration child_program::cpu_time() const {
    std::ifstream stat("/proc/" + std::to_string(pid_) + "/schedstat");
    std::int64_t on_cpu = 0;
    stat >> on_cpu;
    return duration(on_cpu);
}

}  // namespace firstfin::test
