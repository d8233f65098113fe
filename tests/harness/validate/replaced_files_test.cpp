#include "harness/validate/fixing/replaced_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/temporary_folder.hpp"

namespace firstfin::validate::fixing {
namespace {

namespace fs = std::filesystem;

class ReplacedFiles : public testing::Test {
protected:
    std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
    std::string put(const std::string& name, const std::string& text) const {
        std::ofstream(path(name), std::ios::binary) << text;
        return path(name);
    }
    std::string text_of(const std::string& name) const {
        std::stringstream out;
        out << std::ifstream(path(name), std::ios::binary).rdbuf();
        return out.str();
    }
    std::size_t files() const {
        return static_cast<std::size_t>(
            std::distance(fs::directory_iterator(folder_.path()), fs::directory_iterator()));
    }

    test::temporary_folder folder_;
};

TEST_F(ReplacedFiles, HoldTheNewTextWithModeAndOwner) {
    const auto a = put("a", "old a"), b = put("b", "old b");
    fs::permissions(a, fs::perms(0640));
    const bool is_root = ::geteuid() == 0;
    if (is_root) {
        ASSERT_EQ(::chown(a.c_str(), 12, 34), 0);
    }
    const bool has_attributes = ::setxattr(a.c_str(), "user.note", "x", 1, 0) == 0;
    const auto done = replace_files(std::vector<new_text>{{a, "old a", "new a, longer"}, {b, "old b", ""}});
    EXPECT_EQ(done.failure, "");
    EXPECT_EQ(done.written, (std::vector{a, b}));
    EXPECT_EQ(text_of("a"), "new a, longer");
    EXPECT_EQ(text_of("b"), "");
    struct stat facts {};
    ASSERT_EQ(::stat(a.c_str(), &facts), 0);
    EXPECT_EQ(facts.st_mode & 07777U, 0640U);
    if (is_root) {
        EXPECT_EQ(facts.st_uid, 12U);
        EXPECT_EQ(facts.st_gid, 34U);
    }
    if (has_attributes) {
        char value = '\0';
        EXPECT_EQ(::getxattr(a.c_str(), "user.note", &value, 1), 1);
        EXPECT_EQ(value, 'x');
    }
    EXPECT_EQ(files(), 2U);
}

TEST_F(ReplacedFiles, LinksStayAndAreFollowed) {
    fs::create_directory(path("available"));
    put("available/site", "old");
    fs::create_symlink("available/site", path("enabled"));
    const auto done = replace_files(std::vector<new_text>{{path("enabled"), "old", "new"}});
    EXPECT_TRUE(done.complete()) << done.failure;
    EXPECT_TRUE(fs::is_symlink(path("enabled")));
    EXPECT_EQ(text_of("available/site"), "new");
}

TEST_F(ReplacedFiles, NothingIsWrittenWhenOneChangedMeanwhile) {
    const auto a = put("a", "old a"), b = put("b", "somebody was faster");
    const auto done = replace_files(std::vector<new_text>{{a, "old a", "new a"}, {b, "old b", "new b"}});
    EXPECT_FALSE(done.complete());
    EXPECT_TRUE(done.written.empty());
    EXPECT_NE(done.failure.find("changed since it was read"), std::string::npos) << done.failure;
    EXPECT_NE(done.failure.find(b), std::string::npos) << done.failure;
    EXPECT_EQ(text_of("a"), "old a");
    EXPECT_EQ(files(), 2U);
}

TEST_F(ReplacedFiles, RefuseWhatIsGoneIsNoFileOrHasOtherNames) {
    const auto a = put("a", "old a");
    fs::create_hard_link(a, path("twin"));
    ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
    for (const auto& [name, why] : std::vector<std::pair<std::string, std::string>>{
             {"gone", "No such file"}, {"pipe", "no regular file"}, {"a", "hard links"}}) {
        const auto done = replace_files(std::vector<new_text>{{path(name), "old a", "new"}});
        EXPECT_TRUE(done.written.empty());
        EXPECT_NE(done.failure.find(why), std::string::npos) << name << ": " << done.failure;
    }
    EXPECT_EQ(text_of("a"), "old a");
    EXPECT_EQ(files(), 3U);
}

// Root may write to every file, so an ordinary user tries.
TEST_F(ReplacedFiles, RefuseAFileThatMayNotBeWritten) {
    const auto a = put("a", "old");
    fs::permissions(a, fs::perms(0444));
    fs::permissions(fs::path(a).parent_path(), fs::perms(0777));
    constexpr uid_t nobody = 65534;
    const auto child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        if (::geteuid() == 0 && ::setresuid(nobody, nobody, nobody) != 0) ::_exit(2);
        ::_exit(replace_files(std::vector<new_text>{{a, "old", "new"}}).complete() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0) << "1: it was written, 2: no other user to be had";
    EXPECT_EQ(text_of("a"), "old");
}

// The second finds at the last moment that somebody wrote to its file: the first did.
TEST_F(ReplacedFiles, WhatWasWrittenBeforeAFailureIsSaid) {
    const auto a = put("a", "old");
    const auto done = replace_files(std::vector<new_text>{{a, "old", "new"}, {a, "old", "newer"}});
    EXPECT_FALSE(done.complete());
    EXPECT_EQ(done.written, std::vector{a});
    EXPECT_EQ(text_of("a"), "new");
    EXPECT_EQ(files(), 1U);
}

TEST_F(ReplacedFiles, NothingIsWrittenWhenOneHasNoRoomBesideIt) {
    const auto a = put("a", "old a");
    const std::string busy = "/proc/self/comm";  // no file can be made beside it
    std::stringstream comm;
    comm << std::ifstream(busy).rdbuf();
    const auto done = replace_files(std::vector<new_text>{{a, "old a", "new a"}, {busy, comm.str(), "x\n"}});
    EXPECT_TRUE(done.written.empty());
    EXPECT_NE(done.failure.find("make a file beside"), std::string::npos) << done.failure;
    EXPECT_EQ(text_of("a"), "old a");
    EXPECT_EQ(files(), 1U);
}

}  // namespace
}  // namespace firstfin::validate::fixing
