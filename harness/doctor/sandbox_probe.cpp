#include "harness/doctor/sandbox_probe.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <charconv>
#include <memory>

#include "harness/doctor/attempting.hpp"
#include "harness/sandbox/child_process.hpp"
#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/link.hpp"
#include "harness/sandbox/sysctl.hpp"
#include "harness/sandbox/tap_device.hpp"
#include "harness/sandbox/user_namespace.hpp"

namespace firstfin::doctor {

using sandbox::check;
using sandbox::network_namespace;
using sandbox::unique_fd;

namespace {

constexpr unsigned nobody = 65534;

/// What root is allowed says nothing about users: become one. Where that cannot be (a container that maps root alone),
/// root makes the attempt itself.
void become_user() {
    if (::geteuid() != 0 || ::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0) return;
    if (::setresuid(nobody, nobody, nobody) == 0) ::prctl(PR_SET_DUMPABLE, 1);  // else our files in /proc stay root's
}

/// A user namespace that owns the others: only there may its root come and go between network and PID namespaces.
void enter_user_namespace() {
    become_user();
    const auto user = sandbox::user_ids::ours();
    sandbox::detail::make_own_namespaces();
    sandbox::detail::become_root_inside(user);
}

/// A sandbox that grows from step to step.
class small_sandbox {
public:
    void make_networks() {
        server_ = std::make_unique<network_namespace>(network_namespace::create());
        client_ = std::make_unique<network_namespace>(network_namespace::create());
    }
    void set_sysctl() { sandbox::set_sysctl(*server_, "net.ipv4.tcp_max_tw_buckets", "100000"); }
    void join() { const sandbox::veth_pair link(*server_, *client_); }
    void capture() {
        const sandbox::netns_scope scope(*client_);
        const unique_fd socket(
            check("open a packet socket", ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL))));
    }
    void run_program() {
        const sandbox::pid_namespace processes;
        sandbox::child_options shell;
        shell.program = "/bin/sh";
        shell.arguments = {"-c", "test -e /proc/self/status"};
        shell.network = server_.get();
        shell.processes = &processes;
        if (const auto status = sandbox::child_process::start(shell).wait(); !status.success())
            sandbox::fail(fmt::format("run {} in a PID namespace: {}", shell.program, to_text(status)), ECHILD);
    }
    void open_tun() { (void)sandbox::open_tap(*client_, "tap0", {0x02, 0, 0, 0, 0, 0x03}); }

private:
    std::unique_ptr<network_namespace> server_;
    std::unique_ptr<network_namespace> client_;
};

/// "ERRNO words", a line a step, in the order of sandbox_attempts.
void report(int to, const attempt& one) {
    const auto line = fmt::format("{} {}\n", one.error, one.words);
    [[maybe_unused]] const auto written = ::write(to, line.data(), line.size());
}

void try_parts(int to, const attempt& own_proc) {
    small_sandbox made;
    const auto networks = trying([&] { made.make_networks(); });
    report(to, networks);
    if (!networks.worked()) return;
    report(to, trying([&] { made.set_sysctl(); }));
    report(to, trying([&] { made.join(); }));
    report(to, trying([&] { made.capture(); }));
    report(to, own_proc.worked() ? trying([&] { made.run_program(); }) : own_proc);
    report(to, trying([&] { made.open_tun(); }));
}

void wait_for(pid_t child) {
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
}

void try_as_user(int to) {
    const auto entered = trying(enter_user_namespace);
    if (!entered.worked()) return report(to, entered);
    // Only a child is in the new PID namespace: its first, and so its init.
    wait_for(sandbox::fork_to("go on in a PID namespace", [to] {
        try_parts(to, trying(sandbox::detail::mount_own_proc));
        ::_exit(0);
    }));
}

std::string read_to_end(int from) {
    std::string out;
    std::array<char, 1024> piece;
    for (ssize_t size = 0; (size = ::read(from, piece.data(), piece.size())) != 0;) {
        if (size > 0)
            out.append(piece.data(), static_cast<std::size_t>(size));
        else if (errno != EINTR)
            break;
    }
    return out;
}

attempt attempt_from(std::string_view line) {
    attempt out{.tried = true};
    const auto space = std::min(line.find(' '), line.size());
    std::from_chars(line.data(), line.data() + space, out.error);
    out.words = line.substr(std::min(space + 1, line.size()));
    return out;
}

}  // namespace

sandbox_attempts try_sandbox(who as) {
    std::array<int, 2> ends{};
    check("make a pipe", ::pipe2(ends.data(), O_CLOEXEC));
    const unique_fd reading(ends[0]);
    unique_fd writing(ends[1]);
    // More than async-signal-safe calls are fine here: fork_to has made sure that no other thread holds a lock.
    const pid_t child = sandbox::fork_to("find out what a sandbox may hold", [&] {
        if (as == who::user)
            try_as_user(writing.get());
        else
            try_parts(writing.get(), {.tried = true});
        ::_exit(0);
    });
    writing.reset();
    const auto text = read_to_end(reading.get());
    wait_for(child);
    sandbox_attempts out;
    std::string_view rest = text;
    for (auto* one : {&out.enter, &out.sysctl, &out.veth, &out.capture, &out.processes, &out.tun}) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos) break;
        *one = attempt_from(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    if (!out.enter.tried) out.enter = {true, ECHILD, "the attempt to make namespaces ended before it answered"};
    return out;
}

}  // namespace firstfin::doctor
