#include "harness/sandbox/exit_status.hpp"

#include <fmt/format.h>
#include <sys/wait.h>

#include <cstring>

namespace firstfin::sandbox {

exit_status exit_status_from_wait(int word) {
    if (WIFSIGNALED(word)) return {exit_status::by::signal, WTERMSIG(word)};
    return {exit_status::by::exit, WEXITSTATUS(word)};
}

std::string to_text(const exit_status& status) {
    if (status.ended == exit_status::by::exit) return fmt::format("exit code {}", status.number);
    return fmt::format("signal {} ({})", status.number, ::strsignal(status.number));
}

}  // namespace firstfin::sandbox
