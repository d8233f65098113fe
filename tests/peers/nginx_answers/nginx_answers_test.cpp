#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <utime.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "server/nginx_conf/configuration.hpp"
#include "tests/peers/nginx_answers/answered_here.hpp"
#include "tests/peers/nginx_answers/asked_requests.hpp"
#include "tests/peers/nginx_answers/site_text.hpp"
#include "tests/peers/nginx_requests/mutated_requests.hpp"
#include "tests/peers/nginx_requests/raw_requests.hpp"
#include "tests/peers/nginx_requests/running_nginx.hpp"

// The same requests to the nginx that is installed and to our site with the same configuration, set to the same
// version: every byte has to be the same, and every line of the log, the date and a counter apart.

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
    return text;
}

/// The characters behind each `mark` become 'x', as many as there are in `like`.
std::string masked(std::string text, std::string_view mark, std::string_view like) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size()))
        text.replace(at + mark.size(), like.size(), std::string(like.size(), 'x'));
    return text;
}

std::string comparable(std::string bytes) {
    bytes = masked(std::move(bytes), "\r\nDate: ", "Sun, 06 Nov 1994 08:49:37 GMT");
    constexpr std::string_view boundary = "00000000000000000001";
    bytes = masked(std::move(bytes), "boundary=", boundary);
    return masked(std::move(bytes), "\r\n--", boundary);
}

class NginxAnswers : public ::testing::Test {
protected:
    void SetUp() override {
        if (nginx_version().empty()) {
            constexpr auto missing = "nginx is not installed: apt-get install nginx-light";
            if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << missing;
            GTEST_SKIP() << missing;
        }
        write("index.html", "<p>front</p>\n");
        write("a.txt", "hello\n");
        write("page.html", "<p>page</p>\n");
        write("empty.html", "");
        write(".hidden", "h");
        write("x.GIF", "gif");
        write("sub/b.txt", "b\n");
        write("sub/index.html", "sub\n");
        write("sub/a.txt", "suba\n");
        write("sub/deep/c.txt", "c\n");
        write("sp ace/index.html", "space\n");
        write("o\"<>\\^`{|}%#?dd/index.html", "odd\n");
        write("caf\xc3\xa9/index.html", "cafe\n");
        write("locked.txt", "l");
        write("closed/x", "x");
        write("big.bin", std::string(100'000, 'b'));
        fs::create_directories(html() / "dir");
        fs::create_symlink("a.txt", html() / "link.txt");
        fs::create_symlink("sub", html() / "linkdir");
        ::mkfifo((html() / "pipe").c_str(), 0666);
        for (const auto& each : fs::recursive_directory_iterator(html())) {
            const ::utimbuf new_year{1704067200, 1704067200};
            ::utime(each.path().c_str(), &new_year);
        }
        fs::permissions(html() / "locked.txt", fs::perms::none);
        fs::permissions(html() / "closed", fs::perms::none);
    }
    void TearDown() override {
        if (fs::exists(html() / "closed")) fs::permissions(html() / "closed", fs::perms::owner_all);
    }

    [[nodiscard]] fs::path html() const { return folder_.path() / "html"; }
    [[nodiscard]] fs::path log_of(std::string_view who) const { return folder_.path() / who; }
    void write(const std::string& name, std::string_view text) const {
        fs::create_directories((html() / name).parent_path());
        std::ofstream(html() / name) << text;
    }
    [[nodiscard]] std::string text_for(std::string_view who, std::string_view listen) const {
        auto text = replaced(std::string(site_text), "FOLDER", folder_.path().string());
        return replaced(replaced(std::move(text), "LISTEN", listen), "LOG", log_of(who).string());
    }
    [[nodiscard]] std::unique_ptr<nginx::site> site_of(const std::string& text) const {
        std::ofstream(folder_.path() / "ours.conf") << "events {}\nhttp {\nlingering_timeout 100ms;\n" << text << "}\n";
        const auto version = *nginx_conf::parse_nginx_version(nginx_version());
        const auto read = nginx_conf::read_configuration((folder_.path() / "ours.conf").string(), "", {version});
        EXPECT_TRUE(read.is_valid()) << (read.messages.empty() ? "" : read.in_words(read.messages.front()));
        auto settings = nginx_conf::effective(read, version);
        // Debian's 1.22.1 knows the limit of later ones.
        static const bool limits_headers = accepts_directive("max_headers 1;");
        for (auto& server : settings.servers)
            server.max_headers.value = limits_headers ? 1000 : 0;
        return std::make_unique<nginx::site>(std::move(settings), read.files, folder_.path().string() + "/");
    }

    temporary_folder folder_;
};

/// Log lines without what depends on the connection or on a counter of bytes that a date is in.
std::vector<std::string> lines_of(const fs::path& log) {
    std::vector<std::string> out;
    std::ifstream from(log);
    for (std::string line; std::getline(from, line);)
        out.push_back(masked(line, "boundary=", "00000000000000000001"));
    return out;
}

void compare(const running_nginx& nginx, const std::string& socket, const nginx::site& site,
             const std::vector<asked_request>& all) {
    int differ = 0;
    for (const auto& [name, bytes] : all) {
        SCOPED_TRACE(::testing::PrintToString(name));
        const auto theirs = comparable(nginx.exchange(socket, bytes));
        const auto ours = comparable(answered_here(site, bytes));
        EXPECT_EQ(ours, theirs);
        if (ours != theirs && ++differ > 20) FAIL() << "too many differ";
    }
}

TEST_F(NginxAnswers, AreTheSameToTheByte) {
    const running_nginx nginx(text_for("theirs.log", "unix:all"));
    const auto site = site_of(text_for("ours.log", "80"));
    const auto all = asked_requests();
    EXPECT_GT(all.size(), 1000U);
    compare(nginx, "all", *site, all);
}

TEST_F(NginxAnswers, AreLoggedAlike) {
    const auto site = site_of(text_for("ours.log", "80"));
    std::vector<asked_request> asked;
    {
        const running_nginx nginx(text_for("theirs.log", "unix:all"));
        for (const auto& each : asked_requests()) {
            // A client that leaves at once makes races of what is sent slowly; and of a line that nginx gives up in
            // the midst of, it logs what its buffer happens to hold.
            if (each.name.find("/rate") != std::string::npos || each.name.find("HTTP/2.0") != std::string::npos ||
                each.name == "too long a line")
                continue;
            asked.push_back(each);
            (void)nginx.exchange("all", each.bytes);
            (void)answered_here(*site, each.bytes);
        }
    }  // its log is complete now
    const auto ours = lines_of(log_of("ours.log"));
    const auto theirs = lines_of(log_of("theirs.log"));
    EXPECT_GT(theirs.size(), 1000U);
    ASSERT_EQ(ours.size(), theirs.size());
    int differ = 0;
    for (std::size_t i = 0; i != ours.size() && differ < 20; ++i) {
        EXPECT_EQ(ours[i], theirs[i]);
        differ += ours[i] == theirs[i] ? 0 : 1;
    }
}

std::vector<asked_request> gets(const std::vector<std::string>& targets, const std::vector<std::string>& hosts) {
    std::vector<asked_request> out;
    for (const auto& host : hosts)
        for (const auto& target : targets) {
            out.push_back({host + target, fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", target, host)});
            out.push_back({host + target + " twice", fmt::format("GET {0} HTTP/1.1\r\nHost: {1}\r\n\r\n"
                                                                 "GET {0} HTTP/1.1\r\nHost: {1}\r\n\r\n",
                                                                 target, host)});
        }
    return out;
}

constexpr std::string_view several_servers = R"(
    error_page 400 414 494 =200 /refused;
    server { listen LISTEN; server_name one.test; root FOLDER/html; return 200 "one $server_name $host\n"; }
    server { listen LISTEN; server_name two.test *.wild.test; keepalive_timeout 0; keepalive_requests 1; return 200 "two $server_name"; }
    server { listen LISTEN; server_name ~^p[0-9]+\.test$ trail.*; return 404; error_page 404 /page; location /page { return 200 page; } }
    server { listen LISTEN default_server; server_name _ "" .dot.test; keepalive_timeout 0; root FOLDER/html;
        error_page 404 /a.txt;
        location /in/ { keepalive_timeout 60; alias FOLDER/html/sub/; }
        location /gone { keepalive_timeout 60; return 404; }
        location /direct { keepalive_timeout 60; return 200 "direct $server_name $host|"; }
        location /named { keepalive_timeout 60; error_page 403 @named; return 403; }
        location @named { keepalive_timeout 60; return 200 named; }
        location /refused { return 200 "refused $uri $request_method"; }
        location /app/ { proxy_pass http://127.0.0.1:9; }
        location /app { return 200 app; }
        location /api/ { proxy_pass http://127.0.0.1:9; }
        location = /api/x { return 200 x; }
    }
)";

TEST_F(NginxAnswers, OfSeveralServersAreTheSame) {
    const auto text = replaced(std::string(several_servers), "FOLDER", folder_.path().string());
    const running_nginx nginx(replaced(text, "LISTEN", "unix:all"));
    const auto site = site_of("access_log off;\n" + replaced(text, "LISTEN", "80"));
    auto all = gets({"/", "/in/", "/in/b.txt", "/gone", "/direct", "/named", "/refused", "/app", "/api", "/api?x=1",
                     "/api/x", "/none"},
                    {"one.test", "two.test", "a.wild.test", "wild.test", "p12.test", "trail.org", "dot.test",
                     "x.dot.test", "other", ""});
    all.push_back({"no host", "GET /direct HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"});
    for (const std::string bytes :
         {"GET /%zz HTTP/1.1\r\nHost: one.test\r\n\r\n", "HEAD /%zz HTTP/1.1\r\n\r\n", "G\r\n\r\n", "GET /%zz\r\n"})
        all.push_back({bytes, bytes});
    all.push_back({"long line", "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n"});
    all.push_back({"large header", "GET / HTTP/1.1\r\nHost: other\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"});
    all.push_back(
        {"large header of one", "GET / HTTP/1.1\r\nHost: one.test\r\nX: " + std::string(9000, 'x') + "\r\n\r\n"});
    compare(nginx, "all", *site, all);
}

// The requests that our parser is tried with: what it makes of them is answered, or refused, with the same bytes.
TEST_F(NginxAnswers, ToRawRequestsAreTheSame) {
    const running_nginx nginx(text_for("theirs.log", "unix:all"));
    const auto site = site_of(text_for("ours.log", "80"));
    std::vector<asked_request> all;
    for (const auto& [name, bytes] : raw_requests())
        all.push_back({name, bytes});
    for (const auto& [name, bytes] : mutated_requests(1500, 3))
        all.push_back({name, bytes});
    compare(nginx, "all", *site, all);
}

}  // namespace
}  // namespace firstfin::test
