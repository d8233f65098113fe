#include "harness/sandbox/privilege.hpp"

#include <sys/syscall.h>
#include <sys/wait.h>

#include "harness/sandbox/fork.hpp"
#include "tests/harness/sandbox/messages.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

class Privilege : public needs_namespaces {};

// The answer as seen by another user, or by root with less.
std::string answer_after(void (*become)()) {
    int ends[2];
    sandbox::check("pipe", ::pipe(ends));
    const sandbox::unique_fd reading(ends[0]);
    sandbox::unique_fd writing(ends[1]);
    const pid_t pid = sandbox::fork_to("ask", [&] {
        become();
        const auto answer = sandbox::missing_privilege().value_or("nothing is missing");
        [[maybe_unused]] const auto written = ::write(writing.get(), answer.data(), answer.size());
        ::_exit(0);
    });
    writing.reset();
    char text[2048];
    const auto size = ::read(reading.get(), text, sizeof text);
    ::waitpid(pid, nullptr, 0);
    return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

TEST_F(Privilege, is_there_where_these_tests_run) {
    EXPECT_EQ(answer_after([] {}), "nothing is missing");
}

TEST_F(Privilege, another_user_is_told_to_be_root) {
    const auto answer = answer_after([] {
        if (::setuid(65534) < 0) ::_exit(1);
    });
    if (answer.empty()) GTEST_SKIP() << "there is no other user in this user namespace";
    EXPECT_TRUE(says(answer, "make a network namespace"));
    EXPECT_TRUE(says(answer, "sudo"));
}

TEST_F(Privilege, root_in_a_container_is_told_what_the_container_lacks) {
    const auto answer = answer_after([] {
        struct {
            unsigned version;
            int pid;
        } header{0x20080522, 0};
        struct {
            unsigned effective, permitted, inheritable;
        } none[2]{};
        sandbox::check("capset", ::syscall(SYS_capset, &header, none));
    });
    EXPECT_TRUE(says(answer, "SYS_ADMIN"));
}

}  // namespace
}  // namespace firstfin::testing
