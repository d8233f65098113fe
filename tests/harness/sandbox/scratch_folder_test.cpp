#include "harness/sandbox/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "harness/sandbox/child_process.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {
namespace {

class ScratchFolder : public needs_namespaces {
protected:
    /// A shell in it, with the words of `script`; how it ended.
    std::optional<sandbox::exit_status> shell(const sandbox::scratch_folder& folder, const std::string& script) {
        sandbox::child_options options;
        options.program = "/bin/sh";
        options.arguments = {"-ec", script};
        options.processes = &processes_;
        options.scratch = &folder;
        return sandbox::child_process::start(options).wait_for(test_deadline);
    }
    sandbox::pid_namespace processes_;
};

TEST_F(ScratchFolder, is_what_the_program_sees_and_nobody_else) {
    sandbox::scratch_folder folder;
    folder.write("told", "65s\n");
    folder.write("run", "#!/bin/sh\ncat told >said\n", true);
    folder.make_folder("logs");
    const auto ended = shell(folder, "test $PWD = " + sandbox::scratch_folder::path() + "; ./run; : >logs/error.log");
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->success()) << to_text(*ended);
    EXPECT_EQ(folder.read("said"), "65s\n");
    EXPECT_FALSE(std::filesystem::exists(std::filesystem::path(sandbox::scratch_folder::path()) / "said"));
}

TEST_F(ScratchFolder, folders_are_open_to_every_user) {
    sandbox::scratch_folder folder;
    folder.make_folder("logs");
    const auto ended = shell(folder, "test $(stat -c %a logs) = 777; test $(stat -c %a .) = 755");
    ASSERT_TRUE(ended);
    EXPECT_TRUE(ended->success()) << to_text(*ended);
}

TEST_F(ScratchFolder, two_of_them_are_apart) {
    sandbox::scratch_folder one;
    sandbox::scratch_folder two;
    ASSERT_TRUE(shell(one, "echo one >name").value().success());
    ASSERT_TRUE(shell(two, "echo two >name").value().success());
    EXPECT_EQ(one.read("name"), "one\n");
    EXPECT_EQ(two.read("name"), "two\n");
    EXPECT_ANY_THROW((void)one.read("missing"));
}

}  // namespace
}  // namespace firstfin::testing
