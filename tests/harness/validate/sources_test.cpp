#include "harness/validate/sources.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "harness/validate/annotations.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/source_excerpt.hpp"
#include "server/nginx_conf/settings.hpp"
#include "tests/harness/validate/reading.hpp"

namespace firstfin::validate {
namespace {

namespace fs = std::filesystem;
using texts = std::vector<std::string>;

/// A folder of files to read, and the working folder while the test runs.
class Sources : public testing::Test {
protected:
    void SetUp() override {
        before_ = fs::current_path();
        folder_ = fs::path(testing::TempDir()) / "firstfin/sources" /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        fs::current_path(folder_);
    }
    void TearDown() override {
        fs::current_path(before_);
        fs::remove_all(folder_);
    }

    static void write(const fs::path& name, const std::string& text) {
        if (name.has_parent_path()) fs::create_directories(name.parent_path());
        std::ofstream(name, std::ios::binary) << text;
    }

    static source read(const std::string& path, std::optional<part_context> around = {},
                       const std::string& typed = "") {
        std::istringstream input(typed);
        return read_source({path, around}, input);
    }

    [[nodiscard]] std::string complaint(const std::string& path, std::optional<part_context> around = {},
                                        const std::string& typed = "") const {
        try {
            (void)read(path, around, typed);
        } catch (const bad_input& failed) {
            return failed.what();
        }
        return "no error";
    }

    /// "file:line:column name" of every server, location and upstream, in reading order.
    static texts places(const source& of) {
        texts out;
        const auto walk = [&](const auto& self, const std::vector<nginx_conf::directive>& among) -> void {
            for (const auto& one : among) {
                const auto& name = one.name.text;
                if (name == "server" || name == "location" || name == "upstream")
                    out.push_back(nginx_conf::origin_in_words(one.name.where, of.read.files) + " " + name);
                self(self, one.block);
            }
        };
        walk(walk, of.read.tree);
        return out;
    }

    fs::path before_;
    fs::path folder_;
};

const std::string whole = "events {}\nhttp {\n  server { listen 80; }\n}\n";

TEST_F(Sources, AreMainFilesByDefault) {
    write("etc/nginx.conf", "events {}\nhttp { include conf.d/*.conf; }\n");
    write("etc/conf.d/a.conf", "\n server {}\n");
    for (const auto& path : {"etc/nginx.conf", "etc", "etc/", "./etc"}) {
        const auto got = read(path);
        EXPECT_FALSE(got.context) << path;
        EXPECT_EQ(got.remarks, texts{}) << path;
        EXPECT_EQ(got.read.files.size(), 2U) << path;
    }
    EXPECT_EQ(read("etc").read.files, (texts{"etc/nginx.conf", "etc/conf.d/a.conf"}));
    EXPECT_EQ(read((folder_ / "etc").string()).read.files.back(), (folder_ / "etc/conf.d/a.conf").string());
}

TEST_F(Sources, TakeStandardInput) {
    write("conf.d/a.conf", "server {}\n");
    const auto got = read("-", {}, "events {}\nhttp {\n include conf.d/*.conf; }\n");
    EXPECT_EQ(got.read.files, (texts{"standard input", "conf.d/a.conf"}));
    EXPECT_EQ(places(read("-", part_context::http, "server {}\n")), (texts{"standard input:1:1 server"}));
    EXPECT_EQ(places(read("-", {}, "\n server {}\n")), (texts{"standard input:2:2 server"}));
    EXPECT_EQ(complaint("-", {}, "events {}\nhttp {\n  keepalive_timeout x;\n}\n"),
              "standard input cannot be judged:\n"
              "standard input:3:21: \"keepalive_timeout\" directive invalid value\n"
              "      keepalive_timeout x;\n"
              "                        ^");
}

// `firstfin validate <(sed ... nginx.conf)`: can be read once only.
TEST_F(Sources, TakePipes) {
    ASSERT_EQ(::mkfifo("pipe", 0600), 0);
    std::thread writer([] { std::ofstream("pipe") << "server {}\n"; });
    const auto got = read("pipe");
    writer.join();
    EXPECT_EQ(places(got), (texts{"pipe:1:1 server"}));
}

TEST_F(Sources, ReadPartsInTheirContext) {
    write("site.conf", "listen 81;\nlocation / {\n  proxy_pass http://127.0.0.1;\n}\n");
    write("pass", "proxy_set_header Connection \"\";\nkeepalive_timeout 5s;\n");
    const auto site = read("site.conf", part_context::server);
    EXPECT_EQ(site.context, part_context::server);
    EXPECT_EQ(places(site).back(), "site.conf:2:1 location");
    ASSERT_EQ(site.remarks.size(), 1U);
    EXPECT_EQ(site.remarks[0],
              "site.conf is taken as what stands in server { }: what the rest of the configuration sets there is not "
              "known, and nginx's defaults stand in for it");

    const auto pass = read("pass", part_context::location);
    const auto settings = nginx_conf::effective(pass.read);
    const auto& location = settings.servers.at(0).level.nested.at(0);
    EXPECT_EQ(location.values.keepalive_timeout.value, std::chrono::seconds(5));
    EXPECT_EQ(nginx_conf::origin_in_words(location.values.keepalive_timeout.where, pass.read.files), "pass:2:1");

    EXPECT_EQ(complaint("site.conf", part_context::http),
              "site.conf cannot be judged, 2 errors:\n"
              "site.conf:1:1: \"listen\" directive is not allowed here\n    listen 81;\n    ^\n"
              "site.conf:2:1: \"location\" directive is not allowed here\n    location / {\n    ^\n"
              "it was taken as what stands in http { }: --context says what else it is");
}

TEST_F(Sources, TakeStrangeNames) {
    for (const std::string name :
         {"a b.conf", "a\"b.conf", "a\\nb.conf", "a[1]*.conf", "$x{}.conf", "a;b#.conf", "it's"}) {
        write(name, "server {}\n");
        EXPECT_EQ(places(read(name, part_context::http)), (texts{name + ":1:1 server"}));
        EXPECT_EQ(places(read("./" + name)), (texts{"./" + name + ":1:1 server"}));
    }
}

TEST_F(Sources, AreGuessedWhereThatIsCertain) {
    const auto guessed = [&](const std::string& text) {
        write("part", text);
        const auto got = read("part");
        return got.remarks.front().substr(0, got.remarks.front().find(';')) + "; " +
               std::string(to_text(got.context.value()));
    };
    EXPECT_EQ(guessed("# x\nserver {}\n"), "\"server\" at its top level says that part is a part; http");
    EXPECT_EQ(guessed("upstream u { server 127.0.0.1:1; }\n"),
              "\"upstream\" at its top level says that part is a part; http");
    EXPECT_EQ(guessed("location / {}\nserver_name a;\n"),
              "\"location\" at its top level says that part is a part; server");
    EXPECT_EQ(guessed("unheard_of on;\nproxy_pass http://127.0.0.1;\n"),
              "\"proxy_pass\" at its top level says that part is a part; location");
}

TEST_F(Sources, AskForTheContextOfPartsThatFitSeveral) {
    write("a", "\nlocation / {}\n");
    EXPECT_EQ(
        complaint("a"),
        "a:2:1: \"location\" stands outside of http { }: if this is a part of a configuration, say what it stands "
        "in with --context server or --context location\n    location / {}\n    ^");
    write("b", "keepalive_timeout 5s;\n");
    EXPECT_EQ(
        complaint("b"),
        "b:1:1: \"keepalive_timeout\" stands outside of http { }: if this is a part of a configuration, say what "
        "it stands in with --context http, --context server or --context location\n    keepalive_timeout 5s;\n    ^");
    write("c", "# nothing\n");
    EXPECT_EQ(complaint("c"),
              "c cannot be judged:\nno \"events\" section in configuration\n"
              "if this is a part of a configuration, say what it stands in with --context http, --context server or "
              "--context location");
    write("d", whole);
    EXPECT_TRUE(complaint("d", part_context::http).ends_with("\nit is a whole configuration: leave out --context http"))
        << complaint("d", part_context::http);
    // A brace too many ends http early: no part.
    write("e", "events {}\nhttp {\n} }\nserver {\n}\n");
    EXPECT_TRUE(complaint("e").starts_with("e cannot be judged, 2 errors:\ne:3:3: unexpected \"}\"\n"))
        << complaint("e");
}

TEST_F(Sources, TakeFoldersAsNginxIncludesThem) {
    write("sites-enabled/b", "server {}\n");
    write("sites-enabled/a.old", "upstream u { server 127.0.0.1:1; }\n");
    write("sites-enabled/.hidden", "not nginx");
    write("conf.d/b.conf", "server {}\n");
    write("conf.d/a.conf", "upstream u { server 127.0.0.1:1; }\n");
    write("conf.d/c.conf.off", "not nginx");
    write("parts/x", "location / {}\n");
    const auto sites = read("sites-enabled");
    EXPECT_EQ(places(sites), (texts{"sites-enabled/a.old:1:1 upstream", "sites-enabled/a.old:1:14 server",
                                    "sites-enabled/b:1:1 server"}));
    EXPECT_EQ(sites.context, part_context::http);
    EXPECT_EQ(places(read("conf.d/")),
              (texts{"conf.d/a.conf:1:1 upstream", "conf.d/a.conf:1:14 server", "conf.d/b.conf:1:1 server"}));
    EXPECT_EQ(places(read("parts", part_context::server)).back(), "parts/x:1:1 location");
    EXPECT_EQ(
        complaint("parts"),
        "parts: neither nginx.conf nor *.conf in it: expected the folder of a main file, such as /etc/nginx, or of "
        "its parts, such as conf.d or sites-enabled");
    write("sites-enabled/firstfin.toml", "");
    EXPECT_EQ(read("sites-enabled").remarks.back(),
              "nginx would include firstfin.toml of sites-enabled as well, and fail: keep it beside nginx.conf");
    fs::current_path("sites-enabled");
    EXPECT_EQ(places(read(".")), (texts{"./a.old:1:1 upstream", "./a.old:1:14 server", "./b:1:1 server"}));
}

TEST_F(Sources, TakeIncludesFromWhereNginxWould) {
    write("own/a", "server { include b; }\n");
    write("own/b", "listen 81;\n");
    EXPECT_EQ(read("own/a").read.files.back(), "own/b");
    write("nginx.conf", "not read");
    write("snippets/c", "listen 82;\n");
    write("sites-enabled/d", "server {\n include snippets/c; }\n");
    const auto relative = read("sites-enabled/d");
    EXPECT_EQ(relative.read.files.back(), "snippets/c");
    EXPECT_EQ(places(relative), (texts{"sites-enabled/d:1:1 server"}));
    EXPECT_EQ(relative.remarks.at(1),
              "includes are taken from the working folder, which has an nginx.conf; that file was "
              "not read");
    EXPECT_EQ(read(folder_ / "sites-enabled/d").read.files.back(), (folder_ / "snippets/c").string());
    EXPECT_EQ(read("sites-enabled").read.files.back(), "snippets/c");
    fs::current_path("sites-enabled");
    EXPECT_EQ(read("d").read.files.back(), (folder_ / "snippets/c").string());
    fs::current_path(folder_.parent_path());
    EXPECT_EQ(read(folder_.filename() / "sites-enabled/d").read.files.back(),
              (folder_.filename() / "snippets/c").string());
    // Beside the part itself it would not be found by nginx.
    fs::remove(folder_ / "nginx.conf");
    EXPECT_NE(
        complaint(folder_.filename() / "sites-enabled/d").find("sites-enabled/snippets/c\" failed (2: No such file"),
        std::string::npos);
}

TEST_F(Sources, DoNotMissWhatStandsInTheRestOfTheConfiguration) {
    write("part", "access_log /var/log/x main;\nserver { listen 443 ssl;\n location ~ php { fastcgi_pass php; } }\n");
    const auto got = read("part");
    EXPECT_TRUE(got.remarks.at(1).ends_with("(it uses names that are defined elsewhere)")) << got.remarks.at(1);
    texts notes;
    for (const auto& one : got.read.messages)
        notes.push_back(got.read.in_words(one));
    EXPECT_EQ(
        notes,
        (texts{"part:1:23: [note] unknown log format \"main\": it may be in a file that was not given",
               "part:2:1: [note] no \"ssl_certificate\" is defined for the \"listen ... ssl\" directive: it may be "
               "in a file that was not given",
               "part:3:32: [note] no port in upstream \"php\": it may be in a file that was not given"}));
    // In a whole configuration these are errors.
    write("all", "events {} http { access_log /var/log/x main; }\n");
    EXPECT_EQ(complaint("all").substr(0, 22), "all cannot be judged:\n");
}

TEST_F(Sources, SayWhatTheyCouldNotRead) {
    EXPECT_EQ(complaint("none"), "none cannot be judged:\nopen() \"none\" failed (2: No such file or directory)");
    EXPECT_EQ(complaint("none", part_context::http),
              "none cannot be judged:\nopen() \"none\" failed (2: No such file or directory)");
    EXPECT_EQ(complaint(""), "expected a file, a folder, or - for standard input");
    write("a.conf", "events {}\nhttp {\n  include none.conf;\n  include loop.conf;\n  include zero.conf;\n}\n");
    write("loop.conf", "include loop2.conf;\n");
    write("loop2.conf", "include loop.conf;\n");
    write("zero.conf", std::string("# a\n\0b", 6));
    EXPECT_EQ(
        complaint("a.conf"),
        "a.conf cannot be judged, 3 errors:\n"
        "a.conf:3:11: open() \"none.conf\" failed (2: No such file or directory)\n"
        "      include none.conf;\n              ^\n"
        "loop2.conf:1:9: include loop loop.conf -> loop2.conf -> loop.conf: nginx opens these files until it runs "
        "out of descriptors\n    include loop.conf;\n            ^\n"
        "a.conf:5:11: \"zero.conf\" is no text: line 2 has a byte 0 (a program, an archive, or UTF-16, which nginx "
        "does not read)\n      include zero.conf;\n              ^");
    write("self", "server {}\ninclude self;\n");
    EXPECT_NE(complaint("self").find("self:2:9: include loop self -> self: nginx opens"), std::string::npos)
        << complaint("self");
}

TEST_F(Sources, AreNotReadWhenHuge) {
    write("huge", "");
    fs::resize_file("huge", (64U << 20U) + 1);
    EXPECT_EQ(complaint("huge"),
              "huge cannot be judged:\n\"huge\" is larger than 64 MB, which no "
              "configuration is: it is not read");
    EXPECT_EQ(complaint("/dev/zero"), "\"/dev/zero\" is larger than 64 MB, which no configuration is: it is not read");
    EXPECT_EQ(complaint("-", {}, std::string((64U << 20U) + 1, '\n')).substr(0, 39),
              "\"standard input\" is larger than 64 MB, ");
}

TEST_F(Sources, AreRefusedWhenUnreadable) {
    write("secret", whole);
    fs::permissions("secret", fs::perms::none);
    // Root reads everything: be nobody for a moment.
    const bool root = ::geteuid() == 0;
    ASSERT_EQ(root ? ::seteuid(65534) : 0, 0);
    const auto said = complaint("secret");
    ASSERT_EQ(root ? ::seteuid(0) : 0, 0);
    EXPECT_NE(said.find("open() \"secret\" failed (13: Permission denied)"), std::string::npos) << said;
}

TEST_F(Sources, SayTwentyErrorsAndNeverRawBytes) {
    std::string text = "events {}\nhttp {\n";
    for (int i = 0; i < 30; ++i)
        text += "server_tokens \x1b[31m\x9b" + std::to_string(i) + ";\n";
    write("a", text + "}\n");
    const auto said = complaint("a");
    EXPECT_TRUE(said.ends_with("\nand 10 more")) << said;
    EXPECT_EQ(said.find_first_of("\x1b\x9b"), std::string::npos);
    EXPECT_TRUE(said.starts_with("a cannot be judged, 30 errors:\n"));
    const std::string name = "bad\x1bname\n";
    write(name, "x y;\nevents {}\n}\n");
    EXPECT_EQ(complaint(name).find('\x1b'), std::string::npos);
    EXPECT_NE(complaint(name).find("bad\\x1Bname\\x0A:3:1: unexpected \"}\""), std::string::npos) << complaint(name);
    EXPECT_EQ(complaint("none\x1b[2J").find('\x1b'), std::string::npos);
}

struct excerpt {
    std::string text;
    std::uint32_t line;
    std::uint32_t column;
    std::string shows;
};

TEST(SourceExcerpt, PointsAtTheColumn) {
    const std::string a(100, 'a');
    const std::string b(100, 'b');
    const std::vector<excerpt> all{
        {"one\ntwo;\r\n", 2, 4, "    two;\n       ^\n"},
        {"\tx y;", 1, 4, "     x y;\n       ^\n"},
        {"\x1b[2Jx y", 1, 6, "    \\x1B[2Jx y\n            ^\n"},
        {"ä ü;", 1, 4, "    ä ü;\n      ^\n"},
        {"one", 1, 4, "    one\n       ^\n"},
        {"one", 1, 99, "    one\n       ^\n"},
        {"", 1, 1, "    \n    ^\n"},
        {"one", 2, 1, ""},
        {"one", 0, 0, ""},
        {a + b, 1, 101, "    ..." + a.substr(50) + b.substr(0, 24) + "...\n" + std::string(57, ' ') + "^\n"},
        {b, 1, 1, "    " + b.substr(0, 74) + "...\n    ^\n"}};
    for (const auto& one : all)
        EXPECT_EQ(source_excerpt(one.text, {0, one.line, one.column}), one.shows) << one.text;
}

TEST_F(Sources, KeepFindingsOutOfTheFrame) {
    write("a", "# c\nupstream u { server 127.0.0.1:1; }\nserver {}\nserver {}\n");
    write("b", "\nproxy_read_timeout 5s;\n");
    const auto moved = [](const source& from) {
        std::vector<finding> all(2);
        all[0].where = {0, 1, 8};
        all[0].safe_fix = change{change::kind::insert, {0, 1, 8}, "x"};
        all[1].where = {1, 1, 1};
        all[1].safe_fix = change{change::kind::insert, {1, 1, 1}, "x"};
        leave_frame(all, from.read);
        texts out;
        for (const auto& one : all)
            out.push_back(nginx_conf::origin_in_words(one.where, from.read.files) + (one.safe_fix ? " fix" : ""));
        return out;
    };
    EXPECT_EQ(moved(read("a")), (texts{"a:3:1", "a:1:1 fix"}));
    EXPECT_EQ(moved(read("b", part_context::location)), (texts{"b:2:1", "b:1:1 fix"}));
    write("empty", "");
    EXPECT_EQ(moved(read("empty", part_context::location)), (texts{"empty:1:1", "empty:1:1 fix"}));
    write("nginx.conf", whole);
    write("conf.d/x", "");
    auto main = read("nginx.conf");
    std::vector<finding> all(1);
    all[0].where = {0, 2, 1};
    leave_frame(all, main.read);
    EXPECT_EQ(all[0].where.line, 2U);
}

TEST_F(Sources, OfPartsAreJudgedAtTheirOwnLines) {
    write("site", "\nserver { listen 81; }\n");
    const auto& profiles = test::all_profiles();
    auto part = read("site");
    const auto got = validate(std::move(part.read),
                              read_question({"--client", "aws-alb", "--reloads-per-hour", "2"}, profiles), profiles);
    ASSERT_FALSE(got.findings.empty());
    for (const auto& one : got.findings)
        EXPECT_EQ(nginx_conf::origin_in_words(one.where, got.read.files), "site:2:1") << one.rule;
}

// Debian's way: conf.d/upstreams.conf has the upstream, and sites-enabled/site passes to it.
TEST_F(Sources, MayPassToUpstreamsOfOtherFiles) {
    write("site",
          "upstream own { server 127.0.0.1:1; }\nserver {\nlocation /a { proxy_pass http://app/; }\n"
          "location /b { proxy_pass http://OWN; }\nlocation /c { proxy_pass http://127.0.0.1:2; }\n"
          "location /d { fastcgi_pass php; }\nlocation /e { proxy_pass http://localhost; }\n}\n");
    const auto& profiles = test::all_profiles();
    const auto lines = [&](const std::string& path) {
        auto got = validate(read(path).read, question{}, profiles);
        texts out;
        for (const auto& one : got.findings)
            if (one.rule == "upstream-implicit") out.push_back(std::to_string(one.where.line));
        return out;
    };
    EXPECT_EQ(lines("site"), (texts{"5", "7"}));
    EXPECT_EQ(read("site").remarks.back(),
              "no upstream of these names is here: app, php; if other files define them, what is said of the "
              "connections to them is not true");
    // A whole configuration has no other files.
    write("nginx.conf", "events {}\nhttp { server { location / { proxy_pass http://app; } } }\n");
    EXPECT_EQ(lines("nginx.conf"), (texts{"2"}));
}

TEST_F(Sources, HaveTheNameThatWasAskedFor) {
    write("conf.d/a.conf", "include conf.d/b.conf;\nserver { }\n");
    write("conf.d/b.conf", "server { listen 81; }\n");
    write("nginx.conf", "events {}\nhttp { include conf.d/a.conf; }\n");
    EXPECT_EQ(judged_name(read("nginx.conf").read), "nginx.conf");
    EXPECT_FALSE(is_part(read("nginx.conf").read));
    EXPECT_EQ(judged_name(read("conf.d/a.conf").read), "conf.d/a.conf");
    EXPECT_TRUE(is_part(read("conf.d/a.conf").read));
    EXPECT_EQ(judged_name(read("conf.d").read), "conf.d/");
    EXPECT_EQ(judged_name(read("-", part_context::location, "").read), "standard input");
    EXPECT_EQ(judged_name(read("-", part_context::location, "keepalive_timeout 3s;").read), "standard input");
}

/// Comments at the top of a part belong to the block the frame stands for.
TEST_F(Sources, KeepAnnotations) {
    write("sites-enabled/a", "# firstfin: client=x\nserver { include b; }\n");
    write("sites-enabled/b", "# firstfin: client=y\n");
    write("only.conf", "# firstfin: client=z\nlisten 81;\n");
    const auto all = read_annotations(read("sites-enabled/a").read);
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].inside->at(0).what, enclosing_block::kind::http);
    EXPECT_EQ(all[1].inside->at(0).what, enclosing_block::kind::server);
    for (const auto& path : {std::string("only.conf"), (folder_ / "only.conf").string()}) {
        const auto one = read_annotations(read(path, part_context::server).read);
        ASSERT_EQ(one.size(), 1U);
        EXPECT_EQ(one[0].inside->at(0).what, enclosing_block::kind::server);
    }
}

}  // namespace
}  // namespace firstfin::validate
