#include "harness/sandbox/answer_of_child.hpp"

#include <fcntl.h>
#include <sys/wait.h>

#include <array>

#include "harness/sandbox/exit_status.hpp"
#include "harness/sandbox/fork.hpp"

namespace firstfin::sandbox {

std::optional<std::string> answer_of_child(std::string_view purpose,
                                           const std::function<std::optional<std::string>()>& ask) {
    std::array<int, 2> ends{};
    check("make a pipe", ::pipe2(ends.data(), O_CLOEXEC));
    const unique_fd reading(ends[0]);
    unique_fd writing(ends[1]);
    // More than async-signal-safe calls are fine here: fork_to has made sure that no other thread holds a lock.
    const pid_t child = fork_to(purpose, [&] {
        const auto answer = ask().value_or("");
        [[maybe_unused]] const auto written = ::write(writing.get(), answer.data(), answer.size());
        ::_exit(0);
    });
    writing.reset();

    std::string answer;
    std::array<char, 1024> buffer;
    for (ssize_t size = 0; (size = ::read(reading.get(), buffer.data(), buffer.size())) != 0;) {
        if (size > 0)
            answer.append(buffer.data(), static_cast<std::size_t>(size));
        else if (errno != EINTR)
            break;
    }
    int word = 0;
    while (::waitpid(child, &word, 0) < 0 && errno == EINTR) {
    }
    if (const auto status = exit_status_from_wait(word); !status.success())
        answer = std::string("the attempt to ").append(purpose).append(" ended with ").append(to_text(status));
    if (answer.empty()) return std::nullopt;
    return answer;
}

}  // namespace firstfin::sandbox
