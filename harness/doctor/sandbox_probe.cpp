#include "harness/doctor/sandbox_probe.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <linux/if_ether.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <charconv>
#include <functional>
#include <memory>

#include "harness/sandbox/child_process.hpp"
#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/link.hpp"
#include "harness/sandbox/sysctl.hpp"

namespace firstfin::doctor {

using sandbox::check;
using sandbox::network_namespace;
using sandbox::unique_fd;

namespace {

constexpr unsigned nobody = 65534;

void write_file(const char* path, const std::string& text) {
    const unique_fd file(check("open", path, ::open(path, O_WRONLY | O_CLOEXEC)));
    check("write", path, ::write(file.get(), text.data(), text.size()));
}

/// What root is allowed says nothing about users: become one. Where that cannot be (a container that maps root alone),
/// root makes the attempt itself.
void become_user() {
    if (::geteuid() != 0 || ::setgroups(0, nullptr) != 0 || ::setresgid(nobody, nobody, nobody) != 0) return;
    if (::setresuid(nobody, nobody, nobody) == 0) ::prctl(PR_SET_DUMPABLE, 1);  // else our files in /proc stay root's
}

void enter_user_namespace() {
    become_user();
    const auto uid = ::geteuid();
    const auto gid = ::getegid();
    check("make a user namespace", ::unshare(CLONE_NEWUSER));
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", fmt::format("0 {} 1", uid));
    write_file("/proc/self/gid_map", fmt::format("0 {} 1", gid));
    check("make a network namespace", ::unshare(CLONE_NEWNET));
}

/// A sandbox that grows from step to step.
class small_sandbox {
public:
    explicit small_sandbox(who as) : as_(as) {}

    void enter() {
        if (as_ == who::user) enter_user_namespace();
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
    void open_tun() {
        const sandbox::netns_scope scope(*client_);
        const unique_fd device(check("open /dev/net/tun", ::open("/dev/net/tun", O_RDWR | O_CLOEXEC)));
        ifreq wanted{};
        wanted.ifr_flags = IFF_TUN | IFF_NO_PI;
        check("make a TUN interface", ::ioctl(device.get(), TUNSETIFF, &wanted));
    }

private:
    who as_;
    std::unique_ptr<network_namespace> server_;
    std::unique_ptr<network_namespace> client_;
};

/// "ERRNO words\n" a step, in order; after a failure to enter nothing else.
std::string try_all(who as) {
    small_sandbox made(as);
    std::string out;
    const auto attempt_step = [&](void (small_sandbox::*step)()) {
        try {
            (made.*step)();
            out += "0 \n";
            return true;
        } catch (const boost::system::system_error& failed) {
            out += fmt::format("{} {}\n", failed.code().value(), failed.what());
        } catch (const std::exception& failed) {
            out += fmt::format("{} {}\n", EIO, failed.what());
        }
        return false;
    };
    if (!attempt_step(&small_sandbox::enter)) return out;
    for (const auto step : {&small_sandbox::set_sysctl, &small_sandbox::join, &small_sandbox::capture,
                            &small_sandbox::run_program, &small_sandbox::open_tun})
        attempt_step(step);
    return out;
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
        const auto text = try_all(as);
        [[maybe_unused]] const auto written = ::write(writing.get(), text.data(), text.size());
        ::_exit(0);
    });
    writing.reset();
    const auto text = read_to_end(reading.get());
    while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
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
