#include <gtest/gtest.h>

#include "server/nginx_conf/directive_table.hpp"
#include "tests/server/nginx_conf/in_memory.hpp"

namespace firstfin::nginx_conf {
namespace {

using test::all_messages;
using test::read_files;
using test::read_text;

TEST(Messages, AllErrorsOfOneReadingInNginxsOrder) {
    const auto read = read_text(
        "events {}\n"
        "http {\n"
        "    keepalive_timeout 5q;\n"
        "    tcp_nodelay yes; tcp_nodelay on;\n"
        "    listen 80;\n"
        "    server {\n"
        "        location /a { } location /a { index a }\n"
        "    }\n"
        "    brotli on;\n"
        "}\n");
    EXPECT_EQ(all_messages(read),
              "n.conf:3:23: [emerg] \"keepalive_timeout\" directive invalid value\n"
              "n.conf:4:17: [emerg] invalid value \"yes\" in \"tcp_nodelay\" directive, it must be \"on\" or \"off\"\n"
              "n.conf:4:22: [emerg] \"tcp_nodelay\" directive is duplicate\n"
              "n.conf:5:5: [emerg] \"listen\" directive is not allowed here\n"
              "n.conf:7:47: [emerg] unexpected \"}\"\n"
              "n.conf:9:5: [note] unknown directive \"brotli\"\n"
              "n.conf:7:34: [emerg] duplicate location \"/a\"\n");
    EXPECT_FALSE(read.is_valid());
    EXPECT_EQ(read.unknown_directives, 1U);
}

TEST(Messages, UnknownDirectivesAreNoErrors) {
    const auto read = read_text("events {} stream { server { listen 1; } } http { more_set_headers \"A: b\"; }");
    EXPECT_TRUE(read.is_valid());
    EXPECT_EQ(read.unknown_directives, 2U);
}

TEST(Messages, YoungAndRemovedDirectivesNameTheVersion) {
    EXPECT_EQ(all_messages(read_text("events {}\nhttp { keepalive_min_timeout 5s; }", {1, 22, 1})),
              "n.conf:2:8: [note] unknown directive \"keepalive_min_timeout\": it came with nginx 1.27.4, and 1.22.1 "
              "is asked for\n");
    EXPECT_EQ(
        all_messages(read_text("events {}\nhttp { ssl on; }", {1, 28, 0})),
        "n.conf:2:8: [note] unknown directive \"ssl\": it was removed in nginx 1.25.1, and 1.28.0 is asked for\n");
    EXPECT_EQ(all_messages(read_text("events {}\nhttp { keepalive_min_timeout 5s; }")), "");
}

TEST(Messages, UpstreamKeepaliveZeroIsFineSince1297) {
    const std::string text = "events {}\nhttp { upstream a { server 127.0.0.1; keepalive 0; } }";
    EXPECT_FALSE(read_text(text, {1, 29, 6}).is_valid());
    EXPECT_TRUE(read_text(text, {1, 29, 7}).is_valid());
}

TEST(Messages, AByteOrderMarkIsNamed) {
    EXPECT_EQ(all_messages(read_text("\xEF\xBB\xBF"
                                     "events {}\n")),
              "n.conf:1:1: [emerg] unknown directive \"\xEF\xBB\xBF"
              "events\": the file begins with a byte order mark (EF BB BF), "
              "which nginx takes as part of the first word; save it as UTF-8 without one\n"
              "[emerg] no \"events\" section in configuration\n");
}

TEST(Messages, IncludeLoopsAreNamedFileByFile) {
    const auto read = read_files({{"n.conf", "events {}\ninclude a.conf;"},
                                  {"a.conf", "http {\ninclude b.conf; }"},
                                  {"b.conf", "include *.conf;"}});
    EXPECT_EQ(
        all_messages(read),
        "b.conf:1:9: [emerg] include loop a.conf -> b.conf -> a.conf: nginx opens these files until it runs out of "
        "descriptors\n"
        "b.conf:1:9: [emerg] include loop b.conf -> b.conf: nginx opens these files until it runs out of descriptors\n"
        "b.conf:1:9: [emerg] include loop n.conf -> a.conf -> b.conf -> n.conf: nginx opens these files until it runs "
        "out of descriptors\n");
}

TEST(Messages, AMissingMainFileIsAllThereIsToSay) {
    EXPECT_EQ(all_messages(read_files({})), "[emerg] open() \"n.conf\" failed (2: No such file or directory)\n");
}

TEST(Messages, ControlCharactersAreShownNotSent) {
    EXPECT_EQ(all_messages(read_text("events {}\n\x1b[31m\x07 a;")),
              "n.conf:2:1: [note] unknown directive \"\\x1B[31m\\x07\"\n");
    EXPECT_EQ(printable("a\n\x7f\xC3\xA4\xC2\x9B\xFF"), "a\\x0A\\x7F\xC3\xA4\\xC2\\x9B\\xFF");
}

TEST(Messages, InNginxsFormTheyEndWithTheLineItNames) {
    const auto first_in_nginx_form = [](const configuration& read) {
        return to_nginx_text(read.messages.at(0), read.files);
    };
    EXPECT_EQ(first_in_nginx_form(read_text("events {}\nuser a\n b c;")),
              "invalid number of arguments in \"user\" directive in /c/n.conf:3");
    EXPECT_EQ(first_in_nginx_form(read_text("")), "no \"events\" section in configuration");
    reading_options options;
    options.access = files_in_memory({{"n.conf", "events {}"}});
    options.command_line = "daemon of;";
    EXPECT_EQ(first_in_nginx_form(read_configuration("n.conf", "", options)),
              "invalid value \"of\" in \"daemon\" directive, it must be \"on\" or \"off\" in command line");
}

TEST(Messages, DeepNestingEndsTheReading) {
    std::string text = "events {} http { server { ";
    for (int i = 0; i < 100'000; ++i)
        text += "location / {";
    const auto read = read_text(text);
    EXPECT_FALSE(read.is_valid());
    EXPECT_NE(all_messages(read).find("blocks are nested deeper than 128"), std::string::npos);
}

TEST(Messages, RubbishDoesNotEndInAThousandMessages) {
    std::string text;
    for (int i = 0; i < 100'000; ++i)
        text += ";";
    const auto read = read_text(text);
    EXPECT_LT(read.messages.size(), 210U);
}

TEST(Messages, ManyIncludesOfOneFileEnd) {
    // Each file includes the next one twice: 2^40 files, were there no end.
    std::map<std::string, std::string> files{{"n.conf", "events {}\ninclude 0.conf;"}};
    for (int i = 0; i < 40; ++i) {
        const auto next = "include " + std::to_string(i + 1) + ".conf;\n";
        files[std::to_string(i) + ".conf"] = next + next;
    }
    files["40.conf"] = "";
    EXPECT_NE(all_messages(read_files(files)).find("too many includes"), std::string::npos);
}

TEST(Lua, BlocksAreSkippedWhole) {
    const auto read = read_text(
        "events {}\n"
        "http { server { location / {\n"
        "    content_by_lua_block {\n"
        "        local a = \"}\" -- }\n"
        "        local b = '\\'}' --[[ } ]] local c = [==[ } ]] ]==]\n"
        "        if a then return { {} } end\n"
        "    }\n"
        "    keepalive_timeout 5q;\n"
        "} } }\n");
    EXPECT_EQ(all_messages(read),
              "n.conf:3:5: [note] unknown directive \"content_by_lua_block\" (its Lua is skipped)\n"
              "n.conf:8:23: [emerg] \"keepalive_timeout\" directive invalid value\n");
    EXPECT_NE(read.tree.at(1).block.at(0).block.at(0).block.at(0).lua.find("return { {} }"), std::string::npos);
}

TEST(Lua, ABlockWithoutEnd) {
    EXPECT_EQ(
        all_messages(read_text("events {}\ninit_by_lua_block {\n local a = '}\n")),
        "n.conf:2:1: [note] unknown directive \"init_by_lua_block\" (its Lua is skipped)\n"
        "n.conf:2:19: [emerg] unexpected end of file, expecting \"}\": the Lua block that begins here has no end\n");
}

TEST(Tree, IncludesAreTextual) {
    const auto read = read_files({{"n.conf", "events {}\ninclude sub/*.conf;\nuser a;\n"},
                                  {"sub/1.conf", "pid a;"},
                                  {"sub/2.conf", "daemon off;"}});
    ASSERT_EQ(read.tree.size(), 5U) << all_messages(read);
    EXPECT_EQ(read.tree[1].name.text, "include");
    EXPECT_EQ(read.tree[2].name.text, "pid");
    EXPECT_EQ(read.files.at(read.tree[3].name.where.file), "/c/sub/2.conf");
    EXPECT_EQ(read.tree[4].name.text, "user");
    EXPECT_EQ(dump(read),
              "# configuration file /c/n.conf:\nevents {}\ninclude sub/*.conf;\nuser a;\n\n"
              "# configuration file /c/sub/1.conf:\npid a;\n# configuration file /c/sub/2.conf:\ndaemon off;\n");
}

TEST(DirectiveTable, EveryRuleCanBeFound) {
    for (const auto& rule : all_rules()) {
        EXPECT_NE(rule.contexts, 0) << rule.name;
        EXPECT_NE(rule.counts, 0) << rule.name;
        EXPECT_FALSE(rules_for(rule.name).empty()) << rule.name;
    }
    EXPECT_TRUE(rules_for("keepalive_timeouts").empty());
}

}  // namespace
}  // namespace firstfin::nginx_conf
