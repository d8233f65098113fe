#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "harness/validate/fixing/diff_names.hpp"
#include "harness/validate/fixing/fix_plan.hpp"
#include "harness/validate/fixing/unified_diff.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

// Changes made by hand: what they make of a text, and whether patch and git take the diff.

namespace firstfin::validate::fixing {
namespace {

using nginx_conf::configuration;
using nginx_conf::directive;

configuration read_files(const std::map<std::string, std::string>& texts) {
    nginx_conf::reading_options how;
    how.access = nginx_conf::files_in_memory(texts);
    return nginx_conf::read_configuration(texts.contains("n.conf") ? "n.conf" : texts.begin()->first, "", how);
}

/// The first of this name, in reading order.
nginx_conf::position place_of(std::string_view name, const std::vector<directive>& level) {
    for (const auto& one : level) {
        if (one.name.text == name) return one.name.where;
        if (const auto inner = place_of(name, one.block); inner.is_known()) return inner;
    }
    return {};
}

finding wanting(change::kind what, nginx_conf::position at, std::string text) {
    finding out;
    out.rule = "made-up";
    out.safe_fix = change{what, at, std::move(text)};
    return out;
}

finding replace(const configuration& in, std::string_view name, std::string by) {
    return wanting(change::kind::replace, place_of(name, in.tree), std::move(by));
}

finding insert(const configuration& in, std::string_view block, std::string line) {
    return wanting(change::kind::insert, place_of(block, in.tree), std::move(line));
}

std::string why_left(const fix_plan& plan) {
    std::string out;
    for (const auto& one : plan.left)
        out += one.why + "\n";
    return out;
}

/// The text of n.conf with these; unchanged when nothing was.
std::string text_after(const fix_plan& plan, const configuration& before) {
    return plan.files.empty() ? before.texts.at(0) : plan.files.at(0).text;
}

struct text_case {
    std::string name;
    change::kind what;
    std::string where;
    std::string directive;
    std::string before;
    std::string after;
};
void PrintTo(const text_case& row, std::ostream* to) {
    *to << row.name;
}

class MakesOfText : public testing::TestWithParam<text_case> {};

TEST_P(MakesOfText, JustThis) {
    const auto& row = GetParam();
    const auto read = read_files({{"n.conf", row.before}});
    ASSERT_TRUE(read.is_valid()) << read.in_words(read.messages.at(0));
    const std::vector one{wanting(row.what, place_of(row.where, read.tree), row.directive)};
    const auto plan = plan_fixes(read, one, nginx_conf::newest_known);
    EXPECT_EQ(text_after(plan, read), row.after) << why_left(plan);
    ASSERT_EQ(plan.findings.size(), 1U);
    // What was read again is what would be written, and the change is in it.
    EXPECT_EQ(plan.fixed.texts.at(0), row.after);
    EXPECT_TRUE(plan.fixed.is_valid());

    const auto patched = [&](const std::vector<std::string>& command) {
        const test::temporary_folder folder;
        const auto file = folder.path() / "n.conf";
        std::ofstream(file, std::ios::binary) << row.before;
        std::ofstream(folder.path() / "x.diff", std::ios::binary)
            << unified_diff("n.conf", row.before, plan.files.at(0).edits);
        auto full = std::vector<std::string>{"env", "-C", folder.path().string()};
        full.insert(full.end(), command.begin(), command.end());
        const auto done = test::run_program(full);
        EXPECT_EQ(done.exit_code, 0) << done.out << done.err << unified_diff("n.conf", row.before, plan.files[0].edits);
        std::stringstream text;
        text << std::ifstream(file, std::ios::binary).rdbuf();
        return text.str();
    };
    EXPECT_EQ(patched({"patch", "-p1", "--fuzz=0", "-i", "x.diff"}), row.after);
    EXPECT_EQ(patched({"git", "apply", "x.diff"}), row.after);
}

constexpr auto by = change::kind::replace;
constexpr auto into = change::kind::insert;

INSTANTIATE_TEST_SUITE_P(
    Replace, MakesOfText,
    testing::Values(text_case{"value", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events {}\nhttp {\n  keepalive_timeout 60;\n}\n",
                              "events {}\nhttp {\n  keepalive_timeout 65s;\n}\n"},
                    text_case{"keeps_gaps_and_comments", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events {}\nhttp {\n\tkeepalive_timeout\t   60 ; # as before\n}\n",
                              "events {}\nhttp {\n\tkeepalive_timeout\t   65s ; # as before\n}\n"},
                    text_case{"more_arguments", by, "keepalive_timeout", "keepalive_timeout 65s 60s",
                              "events{}http{keepalive_timeout   60;}", "events{}http{keepalive_timeout   65s 60s;}"},
                    text_case{"fewer_arguments", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events{}http{keepalive_timeout 60   75s ;}", "events{}http{keepalive_timeout 65s ;}"},
                    text_case{"quoted", by, "proxy_set_header", "proxy_set_header Connection \"\"",
                              "events{}http{server{location /{'proxy_set_header'  Connection \"clo;s\\\"e{\";}}}",
                              "events{}http{server{location /{proxy_set_header  Connection \"\";}}}"},
                    text_case{"several_lines", by, "keepalive_timeout", "keepalive_timeout 65s 60s",
                              "events {}\nhttp {\n  keepalive_timeout\n    60\n    75s\n  ;\n}\n",
                              "events {}\nhttp {\n  keepalive_timeout\n    65s\n    60s\n  ;\n}\n"},
                    text_case{"comment_before_the_end", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events {}\nhttp {\n  keepalive_timeout 60 # was 75\n  ;\n}\n",
                              "events {}\nhttp {\n  keepalive_timeout 65s # was 75\n  ;\n}\n"},
                    text_case{"crlf", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events {}\r\nhttp {\r\n  keepalive_timeout 60;\r\n}\r\n",
                              "events {}\r\nhttp {\r\n  keepalive_timeout 65s;\r\n}\r\n"},
                    text_case{"no_last_newline", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events {}\nhttp {\n  keepalive_timeout 60; }",
                              "events {}\nhttp {\n  keepalive_timeout 65s; }"},
                    text_case{"no_last_newline_in_context", by, "keepalive_timeout", "keepalive_timeout 65s",
                              "events {}\nhttp {\n  keepalive_timeout 60;\n}",
                              "events {}\nhttp {\n  keepalive_timeout 65s;\n}"}),
    [](const auto& row) { return row.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Insert, MakesOfText,
    testing::Values(
        text_case{"before_the_first", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp {\n  server {\n    listen 80;\n  }\n}\n",
                  "events {}\nhttp {\n  server {\n    keepalive_timeout 65s;\n    listen 80;\n  }\n}\n"},
        text_case{"after_a_comment_on_the_line", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp {\n\tserver { # the one\n\t\t# port\n\t\tlisten 80;\n\t}\n}\n",
                  "events {}\nhttp {\n\tserver { # the one\n\t\tkeepalive_timeout 65s;\n\t\t# port\n\t\tlisten "
                  "80;\n\t}\n}\n"},
        text_case{"brace_on_its_own_line", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp\n{\n  server\n  {\n    listen 80;\n  }\n}\n",
                  "events {}\nhttp\n{\n  server\n  {\n    keepalive_timeout 65s;\n    listen 80;\n  }\n}\n"},
        text_case{"empty_block", into, "server", "keepalive_timeout 65s", "events {}\nhttp {\n\tserver {\n\t}\n}\n",
                  "events {}\nhttp {\n\tserver {\n\t\tkeepalive_timeout 65s;\n\t}\n}\n"},
        text_case{"empty_block_takes_the_files_unit", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp {\n   # x\n  server {\n  }\n}\n",
                  "events {}\nhttp {\n   # x\n  server {\n    keepalive_timeout 65s;\n  }\n}\n"},
        text_case{"blank_lines_first", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp {\n  server {\n\n    listen 80;\n  }\n}\n",
                  "events {}\nhttp {\n  server {\n    keepalive_timeout 65s;\n\n    listen 80;\n  }\n}\n"},
        text_case{"one_line", into, "upstream", "keepalive 32",
                  "events {}\nhttp {\n  upstream b { server 127.0.0.1:1; }\n}\n",
                  "events {}\nhttp {\n  upstream b { keepalive 32; server 127.0.0.1:1; }\n}\n"},
        text_case{"one_tight_line", into, "upstream", "keepalive 32", "events{}http{upstream b{server 127.0.0.1:1;}}",
                  "events{}http{upstream b{keepalive 32; server 127.0.0.1:1;}}"},
        text_case{"empty_line_block", into, "server", "keepalive_timeout 65s", "events {}\nhttp { server {} }\n",
                  "events {}\nhttp { server { keepalive_timeout 65s; } }\n"},
        text_case{"empty_line_block_with_blank", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp { server { } }\n", "events {}\nhttp { server { keepalive_timeout 65s; } }\n"},
        text_case{"first_on_the_line_of_the_brace", into, "upstream", "keepalive 32",
                  "events {}\nhttp {\n  upstream b { server 127.0.0.1:1;\n    server 127.0.0.1:2;\n  }\n}\n",
                  "events {}\nhttp {\n  upstream b { keepalive 32; server 127.0.0.1:1;\n    server "
                  "127.0.0.1:2;\n  }\n}\n"},
        text_case{"brace_within_a_quoted_word", into, "location", "keepalive_timeout 65s",
                  "events {}\nhttp { server {\n  location \"/{a\" {\n    return 204;\n  }\n} }\n",
                  "events {}\nhttp { server {\n  location \"/{a\" {\n    keepalive_timeout 65s;\n    return "
                  "204;\n  }\n} }\n"},
        text_case{"crlf", into, "server", "keepalive_timeout 65s",
                  "events {}\r\nhttp {\r\n  server {\r\n    listen 80;\r\n  }\r\n}\r\n",
                  "events {}\r\nhttp {\r\n  server {\r\n    keepalive_timeout 65s;\r\n    listen "
                  "80;\r\n  }\r\n}\r\n"},
        text_case{"no_last_newline", into, "server", "keepalive_timeout 65s",
                  "events {}\nhttp {\n  server {\n    listen 80; } }",
                  "events {}\nhttp {\n  server {\n    keepalive_timeout 65s;\n    listen 80; } }"}),
    [](const auto& row) { return row.param.name; });

struct refused_case {
    std::string name;
    change::kind what;
    std::string where;
    std::string directive;
    std::string text;
    std::string why;
};
void PrintTo(const refused_case& row, std::ostream* to) {
    *to << row.name;
}

class LeavesAlone : public testing::TestWithParam<refused_case> {};

TEST_P(LeavesAlone, AndSaysWhy) {
    const auto& row = GetParam();
    const auto read = read_files({{"n.conf", row.text}});
    const std::vector one{wanting(row.what, place_of(row.where, read.tree), row.directive)};
    const auto plan = plan_fixes(read, one, nginx_conf::newest_known);
    EXPECT_TRUE(plan.empty());
    EXPECT_EQ(plan.fixed.texts, read.texts);
    ASSERT_EQ(plan.left.size(), 1U);
    EXPECT_NE(plan.left[0].why.find(row.why), std::string::npos) << plan.left[0].why;
    EXPECT_EQ(plan.left[0].findings, std::vector<std::size_t>{0});
}

INSTANTIATE_TEST_SUITE_P(
    Fixes, LeavesAlone,
    testing::Values(
        refused_case{"comment_between_arguments", by, "keepalive_timeout", "keepalive_timeout 65s",
                     "events {}\nhttp {\n  keepalive_timeout # idle\n    60;\n}\n", "comments"},
        refused_case{"no_such_directive", by, "nowhere", "keepalive_timeout 65s", "events {}\nhttp {\n}\n",
                     "no directive"},
        refused_case{"same", by, "keepalive_timeout", "keepalive_timeout 60", "events{}http{keepalive_timeout  60;}",
                     "already"},
        refused_case{"bad_value", by, "keepalive_timeout", "keepalive_timeout soon",
                     "events{}http{keepalive_timeout 60;}", "invalid value"},
        refused_case{"duplicate", into, "http", "keepalive_timeout 65s", "events{}http{keepalive_timeout 60;}",
                     "is duplicate"},
        refused_case{"unknown", into, "http", "keepalive_for 65s", "events{}http{}", "unknown directive"},
        refused_case{"wrong_place", into, "events", "keepalive_timeout 65s", "events{}http{}", "not allowed here"},
        refused_case{"a_block", by, "server", "server_name x", "events{}http{server{}}", "no plain directive"},
        refused_case{"no_block", into, "listen", "keepalive 2", "events{}http{server{listen 80;}}", "no block"},
        refused_case{"lua", into, "content_by_lua_block", "keepalive 2",
                     "events{}http{server{location /{content_by_lua_block { ngx.say(1) }}}}", "no block"}),
    [](const auto& row) { return row.param.name; });

TEST(FixPlan, ConflictsAreListedWithTheirFindings) {
    const auto read = read_files({{"n.conf", "events {}\nhttp {\n  keepalive_timeout 60;\n  server { }\n}\n"}});
    const std::vector all{replace(read, "keepalive_timeout", "keepalive_timeout 65s"),
                          insert(read, "server", "keepalive_requests 100"),
                          replace(read, "keepalive_timeout", "keepalive_timeout 605s"),
                          replace(read, "keepalive_timeout", "keepalive_timeout 65s")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    EXPECT_EQ(text_after(plan, read),
              "events {}\nhttp {\n  keepalive_timeout 60;\n  server { keepalive_requests 100; }\n}\n");
    EXPECT_EQ(plan.findings, std::vector<std::size_t>{1});
    ASSERT_EQ(plan.left.size(), 1U);
    EXPECT_EQ(plan.left[0].findings, (std::vector<std::size_t>{0, 3, 2}));
    EXPECT_NE(plan.left[0].why.find("\"keepalive_timeout 65s\" and \"keepalive_timeout 605s\""), std::string::npos)
        << plan.left[0].why;
}

TEST(FixPlan, NotesGiveWayToFindingsOfMoreWeight) {
    const auto read = read_files({{"n.conf", "events {}\nhttp {\n  keepalive_timeout 60;\n}\n"}});
    std::vector all{replace(read, "keepalive_timeout", "keepalive_timeout 60 50"),
                    replace(read, "keepalive_timeout", "keepalive_timeout 65s")};
    all[0].level = severity::note;
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    EXPECT_EQ(plan.findings, std::vector<std::size_t>{1});
    ASSERT_EQ(plan.left.size(), 1U);
    EXPECT_EQ(plan.left[0].findings, std::vector<std::size_t>{0});
    all[1].level = severity::note;
    EXPECT_TRUE(plan_fixes(read, all, nginx_conf::newest_known).empty());
}

TEST(FixPlan, InsertsOfOneDirectiveConflictAndHeadersOnlyWithThemselves) {
    const auto read = read_files({{"n.conf", "events {}\nhttp {\n  server {\n    location / {\n    }\n  }\n}\n"}});
    const std::vector all{insert(read, "server", "keepalive_timeout 65s"),
                          insert(read, "server", "keepalive_timeout 605s"),
                          insert(read, "location", "proxy_set_header Connection \"\""),
                          insert(read, "location", "proxy_set_header Host $host"),
                          insert(read, "location", "proxy_set_header Connection \"\"")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    EXPECT_EQ(plan.findings, (std::vector<std::size_t>{2, 3, 4}));
    EXPECT_EQ(text_after(plan, read),
              "events {}\nhttp {\n  server {\n    location / {\n      proxy_set_header Connection \"\";\n      "
              "proxy_set_header Host $host;\n    }\n  }\n}\n");
}

TEST(FixPlan, OneBadChangeDoesNotCostTheOthers) {
    const auto read = read_files({{"n.conf",
                                   "events {}\nhttp {\n  keepalive_timeout 60;\n  keepalive_requests 10;\n"
                                   "  keepalive_time 1h;\n}\n"}});
    const std::vector all{replace(read, "keepalive_timeout", "keepalive_timeout 65s"),
                          replace(read, "keepalive_requests", "keepalive_requests many"),
                          replace(read, "keepalive_time", "keepalive_time 2h")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    EXPECT_EQ(text_after(plan, read),
              "events {}\nhttp {\n  keepalive_timeout 65s;\n  keepalive_requests 10;\n  keepalive_time 2h;\n}\n");
    EXPECT_EQ(plan.findings, (std::vector<std::size_t>{0, 2}));
    ASSERT_EQ(plan.left.size(), 1U);
    EXPECT_EQ(plan.left[0].findings, std::vector<std::size_t>{1});
}

TEST(FixPlan, IgnoredFindingsAreLeftInPeace) {
    const auto read = read_files({{"n.conf", "events {} http { keepalive_timeout 60; }"}});
    std::vector one{replace(read, "keepalive_timeout", "keepalive_timeout 65s")};
    one[0].ignored = "measured";
    const auto plan = plan_fixes(read, one, nginx_conf::newest_known);
    EXPECT_TRUE(plan.empty());
    EXPECT_TRUE(plan.left.empty());
}

TEST(FixPlan, AFileIncludedTwiceChangesOnce) {
    const std::map<std::string, std::string> texts{
        {"n.conf", "events {}\nhttp {\n  server { include x.conf; }\n  server { include x.conf; listen 81; }\n}\n"},
        {"x.conf", "keepalive_timeout 60;\n"}};
    const auto read = read_files(texts);
    ASSERT_TRUE(read.is_valid());
    const std::vector all{replace(read, "keepalive_timeout", "keepalive_timeout 65s"),
                          replace(read, "keepalive_timeout", "keepalive_timeout 65s")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known, nginx_conf::files_in_memory(texts));
    ASSERT_EQ(plan.files.size(), 1U);
    EXPECT_EQ(read.files[plan.files[0].file], "x.conf");
    EXPECT_EQ(plan.files[0].text, "keepalive_timeout 65s;\n");
    EXPECT_EQ(plan.findings.size(), 2U);
}

TEST(FixPlan, AFileUnderTwoNamesChangesOnce) {
    const test::temporary_folder folder;
    const auto path = [&](const char* name) { return (folder.path() / name).string(); };
    std::ofstream(path("n.conf")) << "events {}\nhttp {\n  server { include a.conf; }\n  server { include b.conf; "
                                     "listen 81; }\n}\n";
    std::ofstream(path("a.conf")) << "keepalive_timeout 60;\n";
    std::filesystem::create_symlink("a.conf", path("b.conf"));
    const auto read = nginx_conf::read_configuration(path("n.conf"), "");
    ASSERT_EQ(read.files.size(), 3U);
    const std::vector all{wanting(by, {1, 1, 1}, "keepalive_timeout 65s"),
                          wanting(by, {2, 1, 1}, "keepalive_timeout 65s")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    ASSERT_EQ(plan.files.size(), 1U);
    EXPECT_EQ(plan.files[0].file, 1U);
    EXPECT_EQ(plan.fixed.texts[2], "keepalive_timeout 65s;\n");
    EXPECT_TRUE(plan.left.empty());

    const std::vector other{wanting(by, {1, 1, 1}, "keepalive_timeout 65s"),
                            wanting(by, {2, 1, 1}, "keepalive_timeout 605s")};
    EXPECT_TRUE(plan_fixes(read, other, nginx_conf::newest_known).empty());
}

TEST(FixPlan, TheCommandLineIsNoFile) {
    nginx_conf::reading_options how;
    how.access = nginx_conf::files_in_memory({{"n.conf", "events {} http {}"}});
    how.command_line = "worker_processes 2;";
    const auto read = nginx_conf::read_configuration("n.conf", "", how);
    const std::vector all{replace(read, "worker_processes", "worker_processes 3"),
                          insert(read, "http", "keepalive_timeout 65s")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    ASSERT_EQ(plan.files.size(), 1U);
    EXPECT_EQ(plan.files[0].text, "events {} http { keepalive_timeout 65s; }");
    ASSERT_EQ(plan.left.size(), 1U);
    EXPECT_EQ(plan.fixed.files, read.files);
}

TEST(FixPlan, KnowsWhereThingsMovedTo) {
    const auto read =
        read_files({{"n.conf", "events {}\nhttp {\n  keepalive_timeout 60; lingering_close off;\n  server { }\n}\n"}});
    const std::vector all{insert(read, "http", "keepalive_requests 5"),
                          replace(read, "keepalive_timeout", "keepalive_timeout 65s")};
    const auto plan = plan_fixes(read, all, nginx_conf::newest_known);
    for (const auto* name : {"events", "http", "keepalive_timeout", "lingering_close", "server"})
        EXPECT_EQ(plan.moved({place_of(name, read.tree)}, read).at(0), place_of(name, plan.fixed.tree)) << name;
}

TEST(UnifiedDiff, ThreeLinesOfContextAndHunksThatTouchAreOne) {
    std::string text;
    for (int i = 1; i <= 30; ++i)
        text += fmt::format("line {}\n", i);
    const auto at = [&](int line) { return text.find(fmt::format("line {}\n", line)); };
    const std::vector<edit> edits{
        {at(2), 6, "two"}, {at(9), 0, "new\n"}, {at(20) + 5, 2, "TWENTY"}, {text.size(), 0, "end"}};
    EXPECT_EQ(
        unified_diff("x y", text, edits),
        "--- a/x y\t\n+++ b/x y\t\n@@ -1,11 +1,12 @@\n line 1\n-line 2\n+two\n line 3\n line 4\n line 5\n line 6\n"
        " line 7\n line 8\n+new\n line 9\n line 10\n line 11\n@@ -17,7 +18,7 @@\n line 17\n line 18\n line 19\n"
        "-line 20\n+line TWENTY\n line 21\n line 22\n line 23\n@@ -28,3 +29,4 @@\n line 28\n line 29\n line 30\n"
        "+end\n\\ No newline at end of file\n");
}

TEST(UnifiedDiff, IsEmptyWhenNothingChanges) {
    EXPECT_EQ(unified_diff("x", "abc\n", std::vector<edit>{{0, 3, "abc"}}), "");
    EXPECT_EQ(unified_diff("x", "abc\n", {}), "");
}

TEST(DiffNames, StayAsTypedWhereOnePatchFindsAll) {
    const auto here = std::filesystem::current_path();
    const auto one = names_in_diff({"./a.conf", "b/c.conf", (here / "b/d.conf").string()});
    EXPECT_EQ(one.names, (std::vector<std::string>{"a.conf", "b/c.conf", "b/d.conf"}));
    EXPECT_EQ(one.folder, "");
    const auto other = names_in_diff({"a.conf", "/etc/nginx/b.conf"});
    EXPECT_EQ(other.names, (std::vector<std::string>{(here / "a.conf").relative_path().string(), "etc/nginx/b.conf"}));
    EXPECT_EQ(other.folder, "/");
}

TEST(DiffNames, AreThoseThatLinksLeadTo) {
    const test::temporary_folder folder;
    std::filesystem::create_directory(folder.path() / "available");
    std::ofstream(folder.path() / "available/site") << "x";
    std::filesystem::create_symlink("available/site", folder.path() / "enabled");
    const auto real = std::filesystem::canonical(folder.path()).relative_path();
    EXPECT_EQ(names_in_diff({(folder.path() / "enabled").string()}).names,
              std::vector{(real / "available/site").string()});
}

}  // namespace
}  // namespace firstfin::validate::fixing
