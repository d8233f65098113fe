#include "server/nginx/error_log.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "core/parse_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::nginx {
namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

TEST(ErrorLog, LinesAreNginxs) {
    test::temporary_folder folder;
    const auto file = folder.path() / "error.log";
    const error_log log(file, log_level::warn);
    log.write(log_level::notice, "too little");
    log.write(log_level::alert, "20 worker_connections are not enough");
    log.write(log_level::warn, "of a \x1b[31mconnection", 7);
    const std::regex expected(
        R"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[alert\] (\d+)#\1: 20 worker_connections are not enough\n)"
        R"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d \[warn\] (\d+)#\2: \*7 of a \\x1B\[31mconnection\n)");
    const auto text = text_of(file);
    std::smatch found;
    ASSERT_TRUE(std::regex_match(text, found, expected)) << text;
    EXPECT_EQ(found[1], std::to_string(::getpid()));
}

TEST(ErrorLog, ReopenedItWritesToTheNewFile) {
    test::temporary_folder folder;
    const auto file = folder.path() / "error.log";
    error_log log(file, log_level::error);
    std::filesystem::rename(file, folder.path() / "old");
    log.write(log_level::error, "one");
    log.reopen();
    log.write(log_level::error, "two");
    EXPECT_NE(text_of(folder.path() / "old").find("one"), std::string::npos);
    EXPECT_NE(text_of(file).find("two"), std::string::npos);
}

TEST(ErrorLog, SaysWhichFileCannotBeOpened) {
    try {
        const error_log log("/nowhere/error.log", log_level::error);
        FAIL();
    } catch (const environment_lacks& failed) {
        EXPECT_STREQ(failed.what(), "open() \"/nowhere/error.log\" failed (2: No such file or directory)");
    }
}

TEST(ErrorLog, WhileStartingWarningsAreToldWhoeverWaits) {
    test::temporary_folder folder;
    const auto file = folder.path() / "error.log";
    auto log = error_log(file, log_level::notice).while_starting();
    testing::internal::CaptureStderr();
    log.write(log_level::notice, "of no interest");
    log.write(log_level::emerg, "no \x1b[31mport");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "firstfin-server: [emerg] no \\x1B[31mport\n");
    const auto text = text_of(file);
    EXPECT_NE(text.find("[notice]"), text.npos) << text;
    EXPECT_NE(text.find("[emerg]"), text.npos) << text;
}

TEST(ErrorLog, WhileStartingStandardErrorIsToldOnce) {
    const auto log = error_log().while_starting();
    testing::internal::CaptureStderr();
    log.write(log_level::warn, "strange");
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "firstfin-server: [warn] strange\n");
}

TEST(ErrorLog, KnowsNginxsLevels) {
    EXPECT_EQ(log_level_of("warn"), log_level::warn);
    EXPECT_EQ(log_level_of("debug"), log_level::debug);
    EXPECT_EQ(log_level_of("debug_http"), log_level::debug);
    EXPECT_EQ(log_level_of("loud"), std::nullopt);
}

}  // namespace
}  // namespace firstfin::nginx
