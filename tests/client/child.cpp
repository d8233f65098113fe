#include "tests/client/child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <iterator>
#include <thread>

namespace firstfin::testing {

namespace {

void close_if_open(int& descriptor) {
    if (descriptor >= 0) ::close(descriptor);
    descriptor = -1;
}

}  // namespace

child::child(std::vector<std::string> arguments) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0 ||
        ::pipe2(err.data(), O_CLOEXEC) != 0)
        return;
    arguments.insert(arguments.begin(), FIRSTFIN_CLIENT_PROGRAM);
    std::vector<char*> argv;
    for (auto& each : arguments)
        argv.push_back(each.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::dup2(in[0], 0);
        ::dup2(out[1], 1);
        ::dup2(err[1], 2);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    ::close(err[1]);
    input_ = in[1];
    output_ = out[0];
    errors_ = err[0];
}

child::~child() {
    if (pid_ > 0) {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    close_if_open(input_);
    close_if_open(output_);
    close_if_open(errors_);
}

void child::write_and_close(std::string_view input) {
    while (!input.empty()) {
        const auto bytes = ::write(input_, input.data(), input.size());
        if (bytes <= 0) break;
        input.remove_prefix(static_cast<std::size_t>(bytes));
    }
    close_if_open(input_);
}

void child::signal(int number) const {
    ::kill(pid_, number);
}
void child::close_output() {
    close_if_open(output_);
}

bool child::read_some(duration patience) {
    pollfd ready{output_, POLLIN, 0};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(patience).count();
    if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) <= 0) return false;
    std::array<char, 65536> part;
    const auto bytes = ::read(output_, part.data(), part.size());
    over_ = bytes <= 0;
    if (bytes > 0) seen_.append(part.data(), static_cast<std::size_t>(bytes));
    return bytes > 0;
}

std::string child::read_until(std::string_view text, duration patience) {
    const auto give_up = steady::now() + patience;
    for (;;) {
        const auto found = seen_.find(text);
        const auto line_end = found == std::string::npos ? found : seen_.find('\n', found);
        if (line_end != std::string::npos) {
            auto out = seen_.substr(0, line_end + 1);
            seen_.erase(0, line_end + 1);
            return out;
        }
        if (!read_some(give_up - steady::now())) return seen_;
    }
}

std::string child::read_to_end(duration patience) {
    const auto give_up = steady::now() + patience;
    while (!over_ && read_some(give_up - steady::now())) {
    }
    return seen_;
}

std::string child::errors() {
    std::string out;
    std::array<char, 4096> part;
    for (auto bytes = ::read(errors_, part.data(), part.size()); bytes > 0;
         bytes = ::read(errors_, part.data(), part.size()))
        out.append(part.data(), static_cast<std::size_t>(bytes));
    return out;
}

int child::exit_code() {
    int how = 0;
    for (const auto give_up = steady::now() + std::chrono::seconds(20); pid_ > 0 && steady::now() < give_up;) {
        if (::waitpid(pid_, &how, WNOHANG) == pid_) {
            pid_ = -1;
            exit_code_ = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
        } else {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
        }
    }
    return exit_code_;
}

std::string child::status() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/status");
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace firstfin::testing
