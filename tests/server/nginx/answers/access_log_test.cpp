#include "server/nginx/answers/access_log.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/server/nginx/answers/asked_site.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::nginx {
namespace {

std::string escaped(std::string_view value, nginx_conf::log_escape how) {
    std::string out;
    append_escaped(out, value, how);
    return out;
}

TEST(AccessLog, EscapesAsItIsTold) {
    const std::string_view value = "a\"b\\c\n\x01\x7f\xc3\xa9";
    EXPECT_EQ(escaped(value, nginx_conf::log_escape::standard), "a\\x22b\\x5Cc\\x0A\\x01\\x7F\\xC3\\xA9");
    EXPECT_EQ(escaped(value, nginx_conf::log_escape::json), "a\\\"b\\\\c\\n\\u0001\x7f\xc3\xa9");
    EXPECT_EQ(escaped(value, nginx_conf::log_escape::none), value);
}

std::string contents_of(const std::filesystem::path& path) {
    std::ifstream from(path);
    return {std::istreambuf_iterator<char>(from), {}};
}

TEST(AccessLog, ConditionsAndReopening) {
    const firstfin::test::temporary_folder folder;
    const auto log = folder.path() / "a.log";
    test::asked_site site("log_format f '$status $uri'; server { listen 80; access_log " + log.string() +
                          " f if=$arg_log; location / { return 204; } }");
    const auto log_one = [&](const std::string& target) {
        const auto said = site.get(target);
        site->log(site.about(), said, static_cast<std::int64_t>(said.bytes.size()));
    };
    log_one("/a?log=1");
    log_one("/b?log=0");
    log_one("/c");
    EXPECT_EQ(contents_of(log), "204 /a\n");
    std::filesystem::rename(log, folder.path() / "old.log");
    log_one("/d?log=x");
    EXPECT_EQ(contents_of(folder.path() / "old.log"), "204 /a\n204 /d\n");
    site->reopen_logs();
    log_one("/e?log=x");
    EXPECT_EQ(contents_of(log), "204 /e\n");
}

TEST(AccessLog, CombinedAndUnanswered) {
    const firstfin::test::temporary_folder folder;
    const auto log = folder.path() / "a.log";
    test::asked_site site("server { listen 80; access_log " + log.string() + "; location / { return 200 four; } }");
    const auto said = site.get("/x", "User-Agent: \"me\"\r\n");
    site->log(site.about(), said, static_cast<std::int64_t>(said.bytes.size()));
    const http_request::request nothing;
    site->log_unanswered(
        {.request = nothing, .connection = site.connection, .clock = site.clock, .began = site.clock.now()}, 408);
    const auto start = "127.0.0.1 - - [" + site.clock.log_time() + "] ";
    EXPECT_EQ(contents_of(log),
              start + "\"GET /x HTTP/1.1\" 200 4 \"-\" \"\\x22me\\x22\"\n" + start + "\"-\" 408 0 \"-\" \"-\"\n");
}

TEST(AccessLog, OneThatCannotBeOpenedIsSaid) {
    EXPECT_THROW(test::asked_site("access_log /no/such/folder/a.log; server { listen 80; }"), environment_lacks);
}

}  // namespace
}  // namespace firstfin::nginx
