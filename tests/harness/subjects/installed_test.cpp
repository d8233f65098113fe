#include "harness/subjects/installed.hpp"

#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <forward_list>
#include <fstream>

#include "core/duration.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::subjects {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Programs of a few lines of shell.
class Installed : public ::testing::Test {
protected:
    /// Answers its path; it stays where it is while the test runs.
    std::string_view program(const std::string& name, const std::string& script) {
        const auto path = folder_.path() / name;
        std::ofstream(path) << "#!/bin/sh\n" << script << '\n';
        fs::permissions(path, fs::perms::owner_exec, fs::perm_options::add);
        return paths_.emplace_front(path.string());
    }

private:
    test::temporary_folder folder_;
    std::forward_list<std::string> paths_;
};

TEST_F(Installed, EachIsAskedAndAnswersForItself) {
    const std::array asked{
        installation{.programs = {program("out", "echo 'a server'; echo 'version 1.2'")},
                     .packages = {},
                     .version_arguments = {"-v"}},
        installation{
            .programs = {program("err", "echo \"said $1 3.4\" >&2")}, .packages = {}, .version_arguments = {"-v"}},
        installation{.programs = {"/no/such/program"}, .packages = {}, .version_arguments = {"-v"}},
        installation{
            .programs = {"/no/such/program", program("second", "echo 5")}, .packages = {}, .version_arguments = {"-v"}},
        installation{.programs = {program("bare", "echo 6; [ \"$1\" = -v ]")},
                     .packages = {},
                     .version_arguments = {"-v"},
                     .probe = {"-m"}},
        installation{
            .programs = {program("whole", "echo 7")}, .packages = {}, .version_arguments = {"-v"}, .probe = {"-m"}},
        installation{}};
    const auto found = ask_installed(asked);
    ASSERT_EQ(found.size(), asked.size());
    EXPECT_EQ(found[0].version, "version 1.2");
    EXPECT_EQ(found[1].version, "said -v 3.4");
    EXPECT_FALSE(found[2].usable());
    EXPECT_EQ(found[2].path, "");
    EXPECT_EQ(found[3].version, "5");
    EXPECT_EQ(found[4].version, "6");
    EXPECT_FALSE(found[4].usable()) << "its modules are missing";
    EXPECT_EQ(found[5].version, "7");
    EXPECT_TRUE(found[5].usable());
    EXPECT_FALSE(found[6].usable());
}

TEST_F(Installed, OneThatHangsOrNeverStopsTalkingHidesNoOther) {
    const auto good = program("good", "echo 'good 1.0'");
    const std::array asked{
        installation{.programs = {program("hangs", "exec sleep 1000")}, .packages = {}, .version_arguments = {"-v"}},
        installation{.programs = {program("talks", "exec yes 'talks 2'")}, .packages = {}, .version_arguments = {"-v"}},
        installation{.programs = {good}, .packages = {}, .version_arguments = {"-v"}, .probe = {"-m"}}};
    const auto began = steady::now();
    const auto found = ask_installed(asked);
    EXPECT_LT(steady::now() - began, 15s);
    EXPECT_EQ(found[0].version, "");
    EXPECT_TRUE(found[0].usable()) << "it is there, only slow";
    EXPECT_EQ(found[1].version, "talks 2");
    EXPECT_EQ(found[2].version, "good 1.0");
    EXPECT_TRUE(found[2].usable());
}

}  // namespace
}  // namespace firstfin::subjects
