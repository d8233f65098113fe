#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

#include <array>

#include "harness/sandbox/child_process.hpp"
#include "harness/sandbox/fork.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

// What happens to the processes of a harness that cannot clean up any more. Everything started holds the write end of
// one pipe as its standard output: the end of file is the death of the last of them.
namespace firstfin::testing {
namespace {

using sandbox::child_options;
using sandbox::child_process;
using sandbox::stream;

class doomed_harness {
public:
    template <class Life>
    explicit doomed_harness(Life life) {
        std::array<int, 2> ends{};
        sandbox::check("pipe", ::pipe2(ends.data(), O_CLOEXEC));
        output_.reset(ends[0]);
        const sandbox::unique_fd writing(ends[1]);
        pid_ = sandbox::fork_to("start a harness", [&] {
            ::dup2(writing.get(), STDOUT_FILENO);
            ::close(writing.get());
            try {
                life();
            } catch (const std::exception& error) {
                ::dprintf(STDOUT_FILENO, "%s\n", error.what());
            }
        });
    }
    ~doomed_harness() { kill(); }

    void kill() {
        if (pid_ < 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    [[nodiscard]] int output() const { return output_.get(); }

private:
    pid_t pid_ = -1;
    sandbox::unique_fd output_;
};

child_options sleeper(const std::string& script) {
    return {.program = "/bin/sh", .arguments = {"-c", script}, .standard_output = stream::inherited};
}

class HarnessDeath : public needs_namespaces {};

TEST_F(HarnessDeath, kill_9_ends_daemons_in_the_pid_namespace) {
    doomed_harness harness([] {
        const sandbox::pid_namespace processes;
        // As nginx does: a daemon that left its parent, its session and its process group, and a worker of it.
        auto options = sleeper("(setsid sh -c 'sleep 1000 & echo started; exec sleep 1000' &); exec sleep 1000");
        options.processes = &processes;
        const auto child = child_process::start(options);
        for (;;)
            ::pause();
    });
    ASSERT_EQ(read_line(harness.output()), "started");
    harness.kill();
    EXPECT_EQ(read_to_end(harness.output()), "");
}

TEST_F(HarnessDeath, the_end_of_the_object_ends_daemons_too) {
    sandbox::unique_fd output;
    {
        const sandbox::pid_namespace processes;
        auto options = sleeper("(setsid sh -c 'echo started; exec sleep 1000' &)");
        options.processes = &processes;
        options.standard_output = stream::pipe;
        auto child = child_process::start(options);
        EXPECT_TRUE(child.wait_for(test_deadline));
        output = std::move(child.stdout_fd());
        EXPECT_EQ(read_line(output.get()), "started");
    }
    EXPECT_EQ(read_to_end(output.get()), "");
}

TEST(HarnessDeathWithoutNamespaces, kill_9_ends_the_child) {
    doomed_harness harness([] {
        const auto child = child_process::start(sleeper("echo started; exec sleep 1000"));
        for (;;)
            ::pause();
    });
    ASSERT_EQ(read_line(harness.output()), "started");
    harness.kill();
    EXPECT_EQ(read_to_end(harness.output()), "");
}

}  // namespace
}  // namespace firstfin::testing
