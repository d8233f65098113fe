#include "harness/sandbox/relay.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <new>

#include "harness/sandbox/delay_line.hpp"
#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/tap_device.hpp"

namespace firstfin::sandbox {

namespace {

/// A direction holds what a gigabit link sends in half a second: no burst of ours comes near it.
constexpr std::size_t most_bytes_held = 64 * 1024 * 1024;

/// Frames taken in at once, before those that have arrived meanwhile are handed over.
constexpr int frames_at_once = 128;

struct direction {
    int from;
    int to;
    delay_line line;
};

/// Nothing until a frame comes.
std::optional<timespec> until_next(const std::array<direction, 2>& both, time_point now) {
    std::optional<time_point> first;
    for (const auto& each : both)
        if (const auto next = each.line.next()) first = std::min(first.value_or(*next), *next);
    if (!first) return std::nullopt;
    const auto left = std::max(duration::zero(), *first - now);
    const auto whole = std::chrono::floor<std::chrono::seconds>(left);
    return timespec{whole.count(), (left - whole).count()};
}

void hand_over(direction& to, time_point now, std::atomic<std::uint64_t>& lost) {
    while (const auto frame = to.line.arrived(now)) {
        if (::write(to.to, frame->data(), frame->size()) != static_cast<ssize_t>(frame->size())) ++lost;
        to.line.take();
    }
}

/// False when the interface is gone.
bool take_in(direction& from, std::atomic<std::uint64_t>& lost) {
    std::array<std::uint8_t, largest_frame> frame;
    for (int taken = 0; taken < frames_at_once; ++taken) {
        const auto size = ::read(from.from, frame.data(), frame.size());
        if (size < 0) return errno == EAGAIN || errno == EINTR;
        if (!from.line.put({frame.data(), static_cast<std::size_t>(size)}, steady::now())) ++lost;
    }
    return true;
}

// The delay counts from the moment a frame is taken in, so that being late here makes it longer, never shorter. ppoll
// may oversleep by a thousandth of its timeout, which is nothing to a delay.
void carry(int one, int other, duration delay, std::atomic<std::uint64_t>& lost) {
    std::array<direction, 2> both{direction{one, other, {delay, most_bytes_held}},
                                  direction{other, one, {delay, most_bytes_held}}};
    for (;;) {
        for (auto& each : both) {
            if (!take_in(each, lost)) return;
            hand_over(each, steady::now(), lost);
        }
        std::array<pollfd, 2> readable{pollfd{one, POLLIN, 0}, pollfd{other, POLLIN, 0}};
        const auto wait = until_next(both, steady::now());
        ::ppoll(readable.data(), readable.size(), wait ? &*wait : nullptr, nullptr);
    }
}

/// In the child. `parent_as_seen` is 0 from inside another PID namespace.
void become_relay(int one, int other, pid_t parent_as_seen) noexcept {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent_as_seen) ::_exit(1);  // it died before the line above took effect
    ::setsid();                                     // Ctrl-C at the terminal is for the harness alone
    ::prctl(PR_SET_NAME, "firstfin-relay");
    ::prctl(PR_SET_TIMERSLACK, 1UL);
    // No exec follows, so close-on-exec does not help: a copy of any pipe of the harness kept in here would hide its
    // EOF. First out of the way, then down to 0 and 1.
    const int first = ::fcntl(one, F_DUPFD, 3);
    const int second = ::fcntl(other, F_DUPFD, 3);
    ::dup2(first, 0);
    ::dup2(second, 1);
    ::close_range(2, ~0U, 0);
}

}  // namespace

struct relay::shared {
    std::atomic<std::uint64_t> lost{0};
};
static_assert(std::atomic<std::uint64_t>::is_always_lock_free, "two processes share it");

void relay::unmap::operator()(shared* memory) const noexcept {
    ::munmap(memory, sizeof *memory);
}

relay::relay(int one, int other, duration delay, const pid_namespace* processes) {
    void* memory = ::mmap(nullptr, sizeof(shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) fail("make memory to share with a relay", errno);
    shared_.reset(new (memory) shared);
    const pid_t parent_as_seen = processes != nullptr ? 0 : ::getpid();
    std::optional<pid_for_children_scope> elsewhere;
    if (processes != nullptr) elsewhere.emplace().enter(*processes);
    // More than async-signal-safe calls are fine in there: fork_to has made sure that no other thread holds a lock.
    pid_ = fork_to("start the relay of a delayed link", [&] {
        become_relay(one, other, parent_as_seen);
        carry(0, 1, delay, shared_->lost);
        ::_exit(1);
    });
}

relay::~relay() {
    if (ended_) return;
    ::kill(pid_, SIGKILL);  // ours and not reaped, so the number cannot belong to another
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::uint64_t relay::lost() const noexcept {
    return shared_->lost;
}

std::optional<exit_status> relay::ended() {
    int word = 0;
    if (!ended_ && ::waitpid(pid_, &word, WNOHANG) == pid_) ended_ = exit_status_from_wait(word);
    return ended_;
}

}  // namespace firstfin::sandbox
