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
        return std::make_unique<nginx::site>(nginx_conf::effective(read, version), read.files,
                                             folder_.path().string() + "/");
    }

    temporary_folder folder_;
};

TEST_F(NginxAnswers, AreTheSameToTheByte) {
    const running_nginx nginx(text_for("theirs.log", "unix:all"));
    const auto site = site_of(text_for("ours.log", "80"));
    std::size_t seen = 0, differ = 0;

    for (const auto& [name, bytes] : asked_requests()) {
        SCOPED_TRACE(::testing::PrintToString(name));
        ++seen;
        const auto theirs = comparable(nginx.exchange("all", bytes));
        const auto ours = comparable(answered_here(*site, bytes));
        EXPECT_EQ(ours, theirs);
        if (ours != theirs && ++differ > 20) FAIL() << "too many differ";
    }
    EXPECT_GT(seen, 1000U);
}

}  // namespace
}  // namespace firstfin::test
