#include "harness/sandbox/child_process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using sandbox::child_options;
using sandbox::child_process;
using sandbox::exit_status;
using sandbox::stream;

child_options shell(const std::string& script) {
    return {.program = "/bin/sh", .arguments = {"-c", script}, .standard_output = stream::pipe};
}

std::string output_of(const child_options& options) {
    auto child = child_process::start(options);
    auto text = read_to_end(child.stdout_fd().get());
    EXPECT_TRUE(child.wait_for(test_deadline));
    return text;
}

std::string message_of_starting(const child_options& options) {
    return message_of([&options] { (void)child_process::start(options); });
}

TEST(ChildProcess, reports_how_it_ended) {
    EXPECT_EQ(child_process::start(shell("exit 3")).wait(), (exit_status{exit_status::by::exit, 3}));
    EXPECT_TRUE(child_process::start(shell("exit 0")).wait().success());
    const auto killed = child_process::start(shell("kill -TERM $$")).wait();
    EXPECT_EQ(killed, (exit_status{exit_status::by::signal, SIGTERM}));
    EXPECT_EQ(to_text(killed), "signal 15 (Terminated)");
    EXPECT_EQ(to_text(exit_status{exit_status::by::exit, 3}), "exit code 3");
}

TEST(ChildProcess, a_program_that_cannot_be_executed_is_named) {
    const auto message = message_of_starting({.program = "/no/such/program"});
    EXPECT_TRUE(says(message, "/no/such/program"));
    EXPECT_TRUE(says(message, "execute"));
    EXPECT_TRUE(says(message, "No such file"));
    EXPECT_TRUE(says(message_of_starting({.program = "/etc/passwd"}), "Permission denied"));
}

TEST(ChildProcess, standard_streams_are_pipes) {
    auto options = shell("read line; echo \"got $line\"; echo oops >&2; cat");
    options.standard_input = stream::pipe;
    options.standard_error = stream::pipe;
    auto child = child_process::start(options);
    EXPECT_TRUE(::fcntl(child.stdin_fd().get(), F_GETFL) & O_NONBLOCK);
    EXPECT_TRUE(::fcntl(child.stdout_fd().get(), F_GETFL) & O_NONBLOCK);
    EXPECT_EQ(::fcntl(child.stdout_fd().get(), F_GETPIPE_SZ), 1 << 20);
    ASSERT_EQ(::write(child.stdin_fd().get(), "one\ntwo\n", 8), 8);
    EXPECT_EQ(read_line(child.stdout_fd().get()), "got one");
    EXPECT_FALSE(child.try_wait());
    child.close_stdin();
    EXPECT_EQ(read_to_end(child.stdout_fd().get()), "two\n");
    EXPECT_EQ(read_to_end(child.stderr_fd().get()), "oops\n");
    const auto ended = child.wait_for(test_deadline);
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->success());
    EXPECT_EQ(child.try_wait(), ended);  // known after the reaping too
}

TEST(ChildProcess, its_environment_is_ours_and_more) {
    ASSERT_EQ(::setenv("FIRSTFIN_TEST_KEPT", "kept", 1), 0);
    ASSERT_EQ(::setenv("FIRSTFIN_TEST_REPLACED", "old", 1), 0);
    auto options = shell("echo $FIRSTFIN_TEST_KEPT $FIRSTFIN_TEST_REPLACED $FIRSTFIN_TEST_NEW");
    options.environment = {{"FIRSTFIN_TEST_REPLACED", "new"}, {"FIRSTFIN_TEST_NEW", "1"}};
    EXPECT_EQ(output_of(options), "kept new 1\n");
}

TEST(ChildProcess, is_born_with_default_signals_and_no_descriptor_of_ours) {
    sigset_t usr1;
    ::sigemptyset(&usr1);
    ::sigaddset(&usr1, SIGUSR1);
    sigset_t before;
    ASSERT_EQ(::sigprocmask(SIG_BLOCK, &usr1, &before), 0);
    auto* const old = ::signal(SIGPIPE, SIG_IGN);
    const sandbox::unique_fd inheritable(::open("/dev/null", O_RDONLY));  // not close-on-exec
    const auto seen = output_of(shell("grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/self/fd"));
    ::signal(SIGPIPE, old);
    ASSERT_EQ(::sigprocmask(SIG_SETMASK, &before, nullptr), 0);
    EXPECT_EQ(seen,
              "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0\n1\n2\n3\n");  // 3 is ls reading the folder
}

TEST(ChildProcess, is_in_a_session_of_its_own) {
    auto child = child_process::start(shell("echo; exec sleep 1000"));
    EXPECT_EQ(read_line(child.stdout_fd().get()), "");
    EXPECT_EQ(::getsid(child.pid()), child.pid());
    child.signal(SIGTERM);
    EXPECT_EQ(child.wait_for(test_deadline), (exit_status{exit_status::by::signal, SIGTERM}));
    child.signal(SIGTERM);  // too late, and harmless
}

TEST(ChildProcess, goes_with_its_object) {
    sandbox::unique_fd output;
    pid_t pid = 0;
    {
        auto child = child_process::start(shell("exec sleep 1000"));
        auto moved = std::move(child);
        pid = moved.pid();
        output = std::move(moved.stdout_fd());
        EXPECT_EQ(::kill(pid, 0), 0);
    }
    EXPECT_EQ(::kill(pid, 0), -1);
    EXPECT_EQ(read_to_end(output.get()), "");
}

TEST(ChildProcess, its_pidfd_tells_the_end) {
    auto options = shell("cat");
    options.standard_input = stream::pipe;
    auto child = child_process::start(options);
    pollfd ended{child.pidfd(), POLLIN, 0};
    EXPECT_EQ(::poll(&ended, 1, 0), 0);
    child.close_stdin();
    EXPECT_TRUE(await_readable(child.pidfd()));
    EXPECT_TRUE(child.try_wait());
}

TEST(ChildProcess, can_be_started_beside_other_threads) {
    std::mutex mutex;
    std::condition_variable changed;
    bool finish = false;
    std::thread other([&] {
        std::unique_lock lock(mutex);
        changed.wait(lock, [&] { return finish; });
    });
    EXPECT_EQ(output_of(shell("echo here")), "here\n");
    {
        const std::lock_guard lock(mutex);
        finish = true;
    }
    changed.notify_one();
    other.join();
}

class SandboxedChild : public needs_namespaces {};

TEST_F(SandboxedChild, is_in_its_network_namespace) {
    const auto network = sandbox::network_namespace::create();
    struct stat inside {};
    ASSERT_EQ(::fstat(network.fd(), &inside), 0);
    auto options = shell("readlink /proc/self/ns/net");
    options.network = &network;
    EXPECT_EQ(output_of(options), "net:[" + std::to_string(inside.st_ino) + "]\n");
}

TEST_F(SandboxedChild, sees_only_its_own_processes_in_proc) {
    const sandbox::pid_namespace processes;
    auto options = shell("set -- /proc/[0-9]*; echo $# $1");
    options.processes = &processes;
    EXPECT_EQ(output_of(options), "2 /proc/1\n");
    // Its mounts are its own: ours still shows us.
    struct stat us {};
    EXPECT_EQ(::stat(("/proc/" + std::to_string(::getpid())).c_str(), &us), 0);
}

TEST_F(SandboxedChild, init_reaps_orphans) {
    const sandbox::pid_namespace processes;
    auto options = shell("for i in 1 2 3; do (sh -c : &); done; while set -- /proc/[0-9]*; [ $# != 2 ]; do :; done");
    options.processes = &processes;
    options.standard_output = stream::devnull;
    const auto ended = child_process::start(options).wait_for(test_deadline);
    ASSERT_TRUE(ended) << "orphans stay as zombies";
    EXPECT_TRUE(ended->success());
}

TEST_F(SandboxedChild, threads_can_be_started_after_the_last_process) {
    const sandbox::pid_namespace processes;
    auto options = shell(":");
    options.processes = &processes;
    auto child = child_process::start(options);
    bool ran = false;
    std::thread([&ran] { ran = true; }).join();
    EXPECT_TRUE(ran);
}

TEST_F(SandboxedChild, a_dead_init_is_named) {
    const sandbox::pid_namespace processes;
    ASSERT_EQ(::kill(processes.init_pid(), SIGKILL), 0);
    auto options = shell(":");
    options.processes = &processes;
    EXPECT_TRUE(eventually(
        [&] { return message_of_starting(options).find("init of the PID namespace is dead") != std::string::npos; }));
}

}  // namespace
}  // namespace firstfin::testing
