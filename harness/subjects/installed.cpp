#include "harness/subjects/installed.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "harness/sandbox/child_process.hpp"
#include "harness/subjects/find_program.hpp"

namespace firstfin::subjects {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 5s;
/// Of an answer; a version stands at its beginning.
constexpr std::size_t longest_answer = 64 << 10;

class asking {
public:
    asking(const std::string& path, const std::vector<std::string_view>& arguments)
        : child_(sandbox::child_process::start(options(path, arguments))) {}

    /// What it has said by its end, or by `deadline`; a program that hangs is killed when this object goes. One that
    /// answered while another was waited for past the deadline is heard, too.
    std::string answer(std::chrono::steady_clock::time_point deadline) {
        std::array<pollfd, 2> streams{{{child_.stdout_fd().get(), POLLIN, 0}, {child_.stderr_fd().get(), POLLIN, 0}}};
        std::array<std::string, 2> said;
        while ((streams[0].fd >= 0 || streams[1].fd >= 0) && said[0].size() + said[1].size() < longest_answer) {
            if (::poll(streams.data(), streams.size(), static_cast<int>(left_until(deadline).count())) <= 0) break;
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

    bool succeeds(std::chrono::steady_clock::time_point deadline) {
        (void)answer(deadline);
        const auto ended = child_.wait_for(left_until(deadline));
        return ended && ended->success();
    }

private:
    static std::chrono::milliseconds left_until(std::chrono::steady_clock::time_point deadline) {
        return std::max(0ms, std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()));
    }
    static sandbox::child_options options(const std::string& path, const std::vector<std::string_view>& arguments) {
        sandbox::child_options out;
        out.program = path;
        out.arguments.assign(arguments.begin(), arguments.end());
        out.standard_output = sandbox::stream::pipe;
        out.standard_error = sandbox::stream::pipe;
        return out;
    }
    sandbox::child_process child_;
};

std::unique_ptr<asking> begin(const std::string& path, const std::vector<std::string_view>& arguments) {
    if (path.empty() || arguments.empty()) return nullptr;
    return std::make_unique<asking>(path, arguments);
}

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

std::vector<installed> ask_installed(std::span<const installation> programs) {
    struct questions {
        std::unique_ptr<asking> version;
        std::unique_ptr<asking> probe;
    };
    std::vector<installed> out;
    std::vector<questions> open;
    for (const auto& one : programs) {
        auto& known = out.emplace_back();
        known.path = find_program(one).value_or("");
        auto& question = open.emplace_back();
        try {
            question.version = begin(known.path, one.version_arguments);
            question.probe = begin(known.path, one.probe);
        } catch (const std::exception&) {
            known.path.clear();  // there, but it does not start
        }
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (std::size_t at = 0; at < out.size(); ++at) {
        if (open[at].version) out[at].version = open[at].version->answer(deadline);
        if (open[at].probe) out[at].complete = open[at].probe->succeeds(deadline);
    }
    return out;
}

}  // namespace firstfin::subjects
