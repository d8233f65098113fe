#include "harness/bench/watch/process_cpu.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>

#include "harness/sandbox/child_process.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using namespace std::chrono_literals;
using bench::process_cpu;
using sandbox::child_options;
using sandbox::child_process;
using sandbox::stream;

/// What the kernel's clock ticks may hide of those that ended, at the tests' few processes.
constexpr auto ticks = 40ms;

/// A shell under a PID namespace, so that whatever it forked goes with the test.
class shell {
public:
    explicit shell(const std::string& script)
        : process_(child_process::start({.program = "/bin/sh",
                                         .arguments = {"-c", script},
                                         .processes = &space_,
                                         .standard_input = stream::pipe,
                                         .standard_output = stream::pipe})) {}
    [[nodiscard]] child_process& process() { return process_; }
    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    std::string says() { return read_line(process_.stdout_fd().get()); }
    void go_on() { EXPECT_EQ(::write(process_.stdin_fd().get(), "\n", 1), 1); }

private:
    sandbox::pid_namespace space_;
    child_process process_;
};

const std::string busy = "while :; do :; done";
/// Some tenths of a second.
const std::string busy_for_a_while = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done";

bool reaches(process_cpu& of, duration least) {
    return eventually([&] { return of.used().value_or(least) >= least; });
}

class ProcessCpu : public needs_namespaces {};

TEST_F(ProcessCpu, counts_a_forked_child) {
    const auto began = steady::now();
    shell parent("(" + busy + ") & echo; wait");
    parent.says();
    process_cpu cpu(parent.pid());
    ASSERT_TRUE(reaches(cpu, 200ms));
    const auto used = cpu.used();
    ASSERT_TRUE(used);
    EXPECT_LE(*used, steady::now() - began + ticks) << "one busy process";
    EXPECT_NE(*used % 1ms, 0ns) << "finer than the kernel's ticks";
}

TEST_F(ProcessCpu, counts_several_children_and_theirs) {
    shell parent("( (" + busy + ") & (" + busy + ") & wait ) & echo; wait");
    parent.says();
    process_cpu cpu(parent.pid());
    const auto before = cpu.used();
    EXPECT_TRUE(reaches(cpu, before.value() + 100ms));
}

TEST_F(ProcessCpu, counts_a_child_that_ended_and_was_waited_for) {
    shell parent("(echo; read go; " + busy_for_a_while + "; echo; read go) & wait; echo; read go");
    // The background child's standard input is /dev/null: its reads come back at once.
    parent.says();
    process_cpu cpu(parent.pid());
    parent.says();
    const auto at_the_end = cpu.used();
    parent.says();
    const auto after = cpu.used();
    ASSERT_TRUE(at_the_end);
    ASSERT_TRUE(after);
    EXPECT_GT(*after, 50ms);
    EXPECT_GE(*after, *at_the_end - ticks);
    EXPECT_EQ(cpu.used().value() / 1s, *after / 1s) << "it is asleep";
}

TEST_F(ProcessCpu, follows_an_orphan) {
    shell parent("((" + busy + ") & wait) & middle=$!; echo; read go; kill -9 $middle; wait; echo; read go");
    parent.says();
    process_cpu cpu(parent.pid());
    ASSERT_TRUE(reaches(cpu, 50ms));
    parent.go_on();
    parent.says();
    const auto alone = cpu.used();
    ASSERT_TRUE(alone);
    EXPECT_TRUE(reaches(cpu, *alone + 100ms));
    EXPECT_TRUE(cpu.used());
}

/// A process that does not wait for its busy child: while SIGCHLD is ignored nobody inherits the time of children.
/// (Shells never really ignore it.)
class careless_parent {
public:
    careless_parent() {
        std::array<int, 2> pipe{};
        sandbox::check("make a pipe", ::pipe2(pipe.data(), O_CLOEXEC));
        pid_ = sandbox::check("fork", ::fork());
        const bool is_parent = pid_ == 0;
        if (is_parent) {
            ::signal(SIGCHLD, SIG_IGN);
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            const auto child = ::fork();
            if (child == 0) {
                ::prctl(PR_SET_PDEATHSIG, SIGKILL);
                for (;;)
                    (void)steady::now();
            }
            char end = 0;
            while (::read(pipe[0], &end, 1) < 0) {
            }
            ::kill(child, SIGKILL);
            for (;;)
                ::pause();
        }
        ::close(pipe[0]);
        go_on_.reset(pipe[1]);
    }
    ~careless_parent() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    careless_parent(const careless_parent&) = delete;
    careless_parent& operator=(const careless_parent&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    void end_the_child() { EXPECT_EQ(::write(go_on_.get(), "\n", 1), 1); }

private:
    pid_t pid_ = -1;
    sandbox::unique_fd go_on_;
};

TEST(ProcessCpuOf, a_careless_parent_says_when_the_time_of_a_child_is_lost) {
    careless_parent parent;
    process_cpu cpu(parent.pid());
    ASSERT_TRUE(reaches(cpu, 200ms));
    ASSERT_TRUE(cpu.used());
    parent.end_the_child();
    EXPECT_TRUE(eventually([&] { return !cpu.used(); }));
    EXPECT_FALSE(cpu.used()) << "and it stays so";
}

TEST_F(ProcessCpu, of_a_process_that_has_ended_is_unknown) {
    shell parent("read go");
    process_cpu cpu(parent.pid());
    EXPECT_TRUE(cpu.used());
    parent.go_on();
    parent.process().wait();
    EXPECT_FALSE(cpu.used());
    EXPECT_TRUE(says(message_of([&] { process_cpu(parent.pid()); }), std::to_string(parent.pid())));
}

}  // namespace
}  // namespace firstfin::testing
