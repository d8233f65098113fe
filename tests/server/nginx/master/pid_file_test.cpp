#include "server/nginx/master/pid_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/parse_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::nginx {
namespace {

std::string complaint_about(const std::string& path) {
    try {
        std::ignore = pid_file::read(path);
    } catch (const environment_lacks& refused) {
        return refused.what();
    }
    return {};
}

TEST(PidFile, HoldsTheNumberAndGoesWithItsOwner) {
    test::temporary_folder folder;
    const auto path = (folder.path() / "pid").string();
    {
        const pid_file file(path);
        EXPECT_EQ(pid_file::read(path), ::getpid());
    }
    EXPECT_FALSE(std::filesystem::exists(path));
}

// Whoever writes it chooses whom -s signals; a daemon has no umask.
TEST(PidFile, OnlyItsOwnerWrites) {
    test::temporary_folder folder;
    const auto path = (folder.path() / "pid").string();
    const auto before = ::umask(0);
    const pid_file file(path);
    ::umask(before);
    struct stat about {};
    ASSERT_EQ(::stat(path.c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777U, 0644U);
}

TEST(PidFile, AnotherOneTakesItsPlace) {
    test::temporary_folder folder;
    const auto path = (folder.path() / "pid").string();
    const auto other = (folder.path() / "other").string();
    pid_file file(path);
    file = pid_file(other);
    EXPECT_FALSE(std::filesystem::exists(path));
    EXPECT_EQ(pid_file::read(other), ::getpid());
}

TEST(PidFile, ComplaintsAreNginxs) {
    test::temporary_folder folder;
    const auto path = (folder.path() / "pid").string();
    EXPECT_EQ(complaint_about(path), "open() \"" + path + "\" failed (2: No such file or directory)");
    std::ofstream(path) << "12x\n";
    EXPECT_EQ(complaint_about(path), "invalid PID number \"12x\" in \"" + path + "\"");
    std::ofstream(path) << "";
    EXPECT_EQ(complaint_about(path), "invalid PID number \"\" in \"" + path + "\"");
    std::ofstream(path) << "-1\n";
    EXPECT_EQ(complaint_about(path), "invalid PID number \"-1\" in \"" + path + "\"") << "that would be everybody";
    EXPECT_THROW(pid_file("/nowhere/pid"), environment_lacks);
}

}  // namespace
}  // namespace firstfin::nginx
