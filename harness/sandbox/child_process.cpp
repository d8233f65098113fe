#include "harness/sandbox/child_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>

#include "harness/sandbox/exec_plan.hpp"
#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/pidfd.hpp"

namespace firstfin::sandbox {

namespace {

using detail::exec_plan;

// Room for some 5,000 events while the harness is busy elsewhere.
constexpr int event_pipe_bytes = 1 << 20;

struct pipe_ends {
    unique_fd reading;
    unique_fd writing;
};

pipe_ends make_pipe() {
    std::array<int, 2> ends{};
    check("make a pipe", ::pipe2(ends.data(), O_CLOEXEC));
    return {unique_fd(ends[0]), unique_fd(ends[1])};
}

struct stream_ends {
    unique_fd ours;
    unique_fd childs;
};

stream_ends prepare(stream kind, int child_mode) {
    stream_ends ends;
    if (kind == stream::devnull) {
        ends.childs.reset(check("open /dev/null", ::open("/dev/null", child_mode | O_CLOEXEC)));
    } else if (kind == stream::pipe) {
        auto [reading, writing] = make_pipe();
        const bool child_reads = child_mode == O_RDONLY;
        ends.ours = std::move(child_reads ? writing : reading);
        ends.childs = std::move(child_reads ? reading : writing);
        check("make a pipe non-blocking",
              ::fcntl(ends.ours.get(), F_SETFL, O_NONBLOCK));  // the child's end stays blocking
    }
    return ends;
}

std::optional<exec_plan::failure> read_failure(int report) {
    exec_plan::failure what{};
    ssize_t size = 0;
    do
        size = ::read(report, &what, sizeof what);
    while (size < 0 && errno == EINTR);
    if (size == sizeof what) return what;
    return std::nullopt;  // execve closed the child's end
}

pid_t fork_into(const child_options& options, const exec_plan& plan) {
    const auto purpose = fmt::format("start {}", options.program);
    if (!options.processes) return fork_to_system_calls(purpose, [&plan] { plan.run(); });
    pid_for_children_scope elsewhere;
    elsewhere.enter(*options.processes);
    try {
        return fork_to_system_calls(purpose, [&plan] { plan.run(); });
    } catch (const boost::system::system_error& error) {
        if (error.code().value() != ENOMEM) throw;
        fail(purpose + " (fork answers so when the init of the PID namespace is dead)", ENOMEM);
    }
}

}  // namespace

child_process child_process::start(const child_options& options) {
    auto input = prepare(options.standard_input, O_RDONLY);
    auto output = prepare(options.standard_output, O_WRONLY);
    auto error = prepare(options.standard_error, O_WRONLY);
    // Refused where the user's pipe quota is used up: a smaller pipe only makes the child wait for us sooner.
    if (options.standard_output == stream::pipe) ::fcntl(output.ours.get(), F_SETPIPE_SZ, event_pipe_bytes);
    auto report = make_pipe();
    const exec_plan plan(options, {input.childs.get(), output.childs.get(), error.childs.get()}, report.writing.get());

    child_process child;
    child.pid_ = fork_into(options, plan);
    report.writing.reset();
    child.pidfd_ = open_pidfd(child.pid_);
    child.stdin_ = std::move(input.ours);
    child.stdout_ = std::move(output.ours);
    child.stderr_ = std::move(error.ours);
    if (const auto failure = read_failure(report.reading.get()))
        fail(exec_plan::describe(*failure, options.program), failure->error);  // `child` reaps what is left
    return child;
}

child_process::child_process(child_process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(std::exchange(other.status_, std::nullopt)),
      pidfd_(std::move(other.pidfd_)),
      stdin_(std::move(other.stdin_)),
      stdout_(std::move(other.stdout_)),
      stderr_(std::move(other.stderr_)) {}

child_process& child_process::operator=(child_process&& other) noexcept {
    if (this == &other) return *this;
    end();
    pid_ = std::exchange(other.pid_, -1);
    status_ = std::exchange(other.status_, std::nullopt);
    pidfd_ = std::move(other.pidfd_);
    stdin_ = std::move(other.stdin_);
    stdout_ = std::move(other.stdout_);
    stderr_ = std::move(other.stderr_);
    return *this;
}

child_process::~child_process() {
    end();
}

void child_process::end() noexcept {
    if (pid_ < 0 || status_) return;
    ::kill(pid_, SIGKILL);  // ours and not reaped, so the number cannot belong to another
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void child_process::signal(int number) {
    if (status_) return;
    if (::kill(pid_, number) < 0 && errno != ESRCH)
        fail(fmt::format("send signal {} to process {}", number, pid_), errno);
}

std::optional<exit_status> child_process::wait_for(std::chrono::milliseconds limit) {
    if (status_) return status_;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        pollfd ended{pidfd_.get(), POLLIN, 0};
        const int ready = ::poll(&ended, 1, static_cast<int>(std::max(left, std::chrono::milliseconds(0)).count()));
        if (ready > 0) return reap();
        if (ready == 0) return std::nullopt;
        if (errno != EINTR) fail("wait for a child process", errno);
    }
}

exit_status child_process::wait() {
    return status_ ? *status_ : reap();
}

exit_status child_process::reap() {
    int word = 0;
    while (::waitpid(pid_, &word, 0) < 0)
        if (errno != EINTR) fail("reap a child process", errno);
    status_ = exit_status_from_wait(word);
    return *status_;
}

}  // namespace firstfin::sandbox
