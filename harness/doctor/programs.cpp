#include "harness/doctor/programs.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "harness/sandbox/child_process.hpp"
#include "harness/subjects/find_program.hpp"

namespace firstfin::doctor {

using namespace std::chrono_literals;

namespace {

struct known_program {
    const char* name;
    const char* version_option;
    const char* package;
    const char* purpose;
};

constexpr std::array<known_program, 6> known{{
    {"nginx", "-v", "nginx-light", "no trials with the real nginx as a server"},
    {"haproxy", "-v", "haproxy", "no trials with the real HAProxy as a balancer"},
    {"curl", "--version", "curl", "no trials with the real curl as a client"},
    {"firefox-esr", "--version", "firefox-esr", "no trials with the real Firefox as a client"},
    {"chromium", "--version", "chromium", "no trials with the real Chromium as a client"},
    {"tshark", "--version", "tshark", "verdicts cannot be compared with an independent reading of the capture"},
}};

constexpr auto patience = 2s;

class asking {
public:
    asking(const std::string& path, const char* option)
        : child_(sandbox::child_process::start(options(path, option))) {}

    /// What it has said by its end, or by `deadline`; a program that hangs is killed when this object goes.
    std::string answer(std::chrono::steady_clock::time_point deadline) {
        std::array<pollfd, 2> streams{{{child_.stdout_fd().get(), POLLIN, 0}, {child_.stderr_fd().get(), POLLIN, 0}}};
        std::array<std::string, 2> said;
        while (streams[0].fd >= 0 || streams[1].fd >= 0) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
            if (left <= 0ms || ::poll(streams.data(), streams.size(), static_cast<int>(left.count())) <= 0) break;
            for (std::size_t at = 0; at < streams.size(); ++at) {
                if (streams[at].fd < 0 || streams[at].revents == 0) continue;
                std::array<char, 4096> piece;
                const auto size = ::read(streams[at].fd, piece.data(), piece.size());
                if (size > 0)
                    said[at].append(piece.data(), static_cast<std::size_t>(size));
                else if (size == 0 || errno != EAGAIN)
                    streams[at].fd = -1;
            }
        }
        const auto version = version_line(said[0]);
        return version.empty() ? version_line(said[1]) : version;
    }

private:
    static sandbox::child_options options(const std::string& path, const char* option) {
        sandbox::child_options out;
        out.program = path;
        out.arguments = {option};
        out.standard_output = sandbox::stream::pipe;
        out.standard_error = sandbox::stream::pipe;
        return out;
    }
    sandbox::child_process child_;
};

}  // namespace

std::string version_line(std::string_view output) {
    while (!output.empty()) {
        const auto end = std::min(output.find('\n'), output.size());
        const auto line = output.substr(0, end);
        if (std::ranges::any_of(line, [](char c) { return c >= '0' && c <= '9'; })) {
            constexpr std::size_t longest = 80;
            return std::string(line.substr(0, longest));
        }
        output.remove_prefix(std::min(end + 1, output.size()));
    }
    return {};
}

std::vector<program> find_programs() {
    std::vector<program> out;
    std::vector<std::unique_ptr<asking>> questions;
    // All at once: browsers take their time to answer.
    for (const auto& one : known) {
        out.push_back({one.name, one.package, one.purpose, subjects::find_in_path(one.name).value_or(""), {}});
        auto& question = questions.emplace_back();
        try {
            if (!out.back().path.empty()) question = std::make_unique<asking>(out.back().path, one.version_option);
        } catch (const std::exception&) {
            out.back().path.clear();  // there, but it does not start
        }
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (std::size_t at = 0; at < out.size(); ++at)
        if (questions[at]) out[at].version = questions[at]->answer(deadline);
    return out;
}

}  // namespace firstfin::doctor
