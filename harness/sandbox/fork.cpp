#include "harness/sandbox/fork.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace firstfin::sandbox {

namespace {

#ifdef __SANITIZE_THREAD__
constexpr int allowed_threads = 2;  // ThreadSanitizer has one of its own, and handles fork
#else
constexpr int allowed_threads = 1;
#endif

int thread_count() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Threads:")) return std::stoi(line.substr(8));
    fail("count the threads in /proc/self/status", ENOENT);
}

}  // namespace

void require_single_thread(std::string_view purpose) {
    const int threads = thread_count();
    if (threads <= allowed_threads) return;
    fail(fmt::format("{}: this process has {} threads; processes must be started before the first thread", purpose,
                     threads),
         EBUSY);
}

namespace detail {

all_signals_blocked::all_signals_blocked() noexcept {
    sigset_t all;
    ::sigfillset(&all);
    ::sigprocmask(SIG_SETMASK, &all, &before_);
}

all_signals_blocked::~all_signals_blocked() {
    ::sigprocmask(SIG_SETMASK, &before_, nullptr);
}

void forget_signals() noexcept {
    struct sigaction standard {};
    standard.sa_handler = SIG_DFL;
    // KILL, STOP and the two glibc keeps for itself refuse, which is as well.
    for (int signal = 1; signal < NSIG; ++signal)
        ::sigaction(signal, &standard, nullptr);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

}  // namespace detail

}  // namespace firstfin::sandbox
