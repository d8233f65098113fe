#include "harness/sandbox/user_namespace.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "harness/sandbox/fork.hpp"
#include "harness/sandbox/kind.hpp"
#include "harness/sandbox/link.hpp"
#include "harness/sandbox/privilege.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

using facts = sandbox::user_namespace_facts;
using step = facts::step;

struct remedy_row {
    const char* name;
    facts known;
    const char* says;
};
class Remedy : public ::testing::TestWithParam<remedy_row> {};

TEST_P(Remedy, NamesWhatHelps) {
    EXPECT_TRUE(says(sandbox::user_namespace_remedy(GetParam().known), GetParam().says));
}

INSTANTIATE_TEST_SUITE_P(
    Names, Remedy,
    ::testing::Values(
        remedy_row{"switched_off", {step::make, ENOSPC, 0, {}, {}, false}, "sysctl -w user.max_user_namespaces="},
        remedy_row{"limit_reached", {step::make, ENOSPC, 100, {}, {}, false}, "is reached"},
        remedy_row{"debian", {step::make, EPERM, 100, 0, {}, false}, "kernel.unprivileged_userns_clone=1"},
        remedy_row{"ubuntu_at_the_map",
                   {step::map_user, EPERM, 100, 1, 1, false},
                   "kernel.apparmor_restrict_unprivileged_userns=0"},
        remedy_row{"ubuntu_at_once", {step::make, EACCES, 100, 1, 1, false}, "AppArmor"},
        remedy_row{"ubuntu_inside", {step::build_stage, EPERM, 100, 1, 1, false}, "AppArmor"},
        remedy_row{"unreadable_program", {step::map_user, EACCES, 100, {}, {}, false}, "chmod +r"},
        remedy_row{"docker", {step::make, EPERM, 100, {}, {}, true}, "seccomp=unconfined"},
        remedy_row{"docker_hides_proc", {step::mount_proc, EPERM, 100, {}, {}, true}, "systempaths=unconfined"},
        remedy_row{"chroot", {step::make, EPERM, 100, {}, {}, false}, "chroot"},
        remedy_row{"kernel_without", {step::make, EINVAL, {}, {}, {}, false}, "CONFIG_USER_NS"},
        remedy_row{"no_veth", {step::build_stage, EOPNOTSUPP, 100, {}, {}, false}, "modprobe veth"},
        remedy_row{"read_only_sysctls", {step::build_stage, EROFS, 100, {}, {}, true}, "read-only"},
        remedy_row{"anything_else", {step::build_stage, EIO, 100, {}, {}, false}, "sudo"}),
    [](const auto& one) { return std::string(one.param.name); });

/// How a process ends that goes on in a user namespace, as user 65534 when the tests run as root.
template <class Inner>
sandbox::exit_status end_of_process(Inner inner) {
    const pid_t outer = sandbox::fork_to("be another user", [&] {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) ::_exit(101);
        ::prctl(PR_SET_DUMPABLE, 1);  // as after execve: or the user could not open /proc/self
        try {
            if (const auto ended = sandbox::continue_in_user_namespace()) sandbox::end_like(*ended);
            inner();
        } catch (const std::exception& failed) {
            ::dprintf(STDERR_FILENO, "%s\n", failed.what());
            ::_exit(102);
        }
        ::_exit(0);
    });
    int word = 0;
    ::waitpid(outer, &word, 0);
    return sandbox::exit_status_from_wait(word);
}

constexpr sandbox::exit_status exited(int code) {
    return {sandbox::exit_status::by::exit, code};
}

class UserNamespace : public needs_namespaces {};

TEST_F(UserNamespace, TheInnerProcessIsRootAndCanBuildAStage) {
    EXPECT_EQ(end_of_process([] {
                  if (::geteuid() != 0 || ::getpid() == 1) ::_exit(1);
                  const auto server = sandbox::network_namespace::create();
                  const auto client = sandbox::network_namespace::create();
                  const sandbox::veth_pair link(server, client);
                  if (sandbox::missing_privilege()) ::_exit(2);
              }),
              exited(0));
}

TEST_F(UserNamespace, TheOuterProcessEndsAsTheInnerOneDid) {
    EXPECT_EQ(end_of_process([] { ::_exit(7); }), exited(7));
    EXPECT_EQ(end_of_process([] { ::raise(SIGSEGV); }),
              (sandbox::exit_status{sandbox::exit_status::by::signal, SIGSEGV}));
}

TEST_F(UserNamespace, ASignalWithoutAHandlerEndsItLikeAnyProgram) {
    EXPECT_EQ(end_of_process([] {
                  ::raise(SIGINT);
                  ::_exit(1);
              }),
              (sandbox::exit_status{sandbox::exit_status::by::signal, SIGINT}));
}

TEST_F(UserNamespace, TheAttemptLeavesThisProcessAlone) {
    struct stat before {};
    struct stat after {};
    ::stat("/proc/self/ns/user", &before);
    EXPECT_EQ(sandbox::missing_user_namespace(), std::nullopt);
    ::stat("/proc/self/ns/user", &after);
    EXPECT_EQ(before.st_ino, after.st_ino);
}

TEST_F(UserNamespace, WhereTheyAreSwitchedOffTheChoiceNamesTheRemedyAndTheWeakerWay) {
    EXPECT_EQ(end_of_process([] {
                  // The limit of this very namespace; and a network it does not own: as a plain user finds it.
                  const sandbox::unique_fd limit(::open("/proc/sys/user/max_user_namespaces", O_WRONLY | O_CLOEXEC));
                  if (::write(limit.get(), "0", 1) != 1) ::_exit(1);
                  try {
                      (void)sandbox::choose_sandbox(sandbox::kind::userns);
                      ::_exit(2);
                  } catch (const environment_lacks& refused) {
                      if (!says(refused.what(), "user.max_user_namespaces")) ::_exit(3);
                      if (!says(refused.what(), "--sandbox loopback")) ::_exit(4);
                  }
                  if (sandbox::choose_sandbox(std::nullopt) != sandbox::kind::netns) ::_exit(5);
              }),
              exited(0));
}

TEST_F(UserNamespace, LoopbackThatIsDownIsToldHowToComeUp) {
    EXPECT_EQ(end_of_process([] {
                  // The fresh network's lo has not been brought up.
                  if (!says(sandbox::missing_loopback().value_or(""), "ip link set lo up")) ::_exit(1);
              }),
              exited(0));
}

}  // namespace
}  // namespace firstfin::testing
