#include "server/nginx/master/loaded.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "core/parse_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::nginx {
namespace {

class Loaded : public ::testing::Test {
protected:
    loaded from(const std::string& text, const std::string& directives = {}) {
        std::ofstream(folder_.path() / "n.conf") << text;
        told_ = {};
        std::filesystem::remove(log_path());
        const error_log log(log_path(), log_level::warn);
        try {
            auto out = load({prefix(), "n.conf", directives, {}, {}, nginx_conf::newest_known}, log);
            told_ = lines_of(log_path());
            return out;
        } catch (...) {
            told_ = lines_of(log_path());
            throw;
        }
    }
    /// What the log says about a configuration that is refused.
    std::vector<std::string> complaints(const std::string& text, const std::string& directives = {}) {
        EXPECT_THROW(std::ignore = from(text, directives), refused);
        return told_;
    }
    [[nodiscard]] const std::vector<std::string>& told() const { return told_; }
    [[nodiscard]] std::string prefix() const { return folder_.path().string() + "/"; }

private:
    [[nodiscard]] std::string log_path() const { return prefix() + "told.log"; }
    /// From the level on: without time and process.
    static std::vector<std::string> lines_of(const std::string& path) {
        std::vector<std::string> out;
        std::ifstream in(path);
        for (std::string line; std::getline(in, line);) {
            const auto level = line.substr(line.find('['), line.find(']') - line.find('[') + 2);
            out.push_back(level + line.substr(line.find(": ") + 2));
        }
        return out;
    }

    test::temporary_folder folder_;
    std::vector<std::string> told_;
};

constexpr auto site_text = "events {} http { access_log off; server { listen 8080; } }";

TEST_F(Loaded, PathsStartAtThePrefix) {
    EXPECT_EQ(from(std::string("pid x.pid; ") + site_text).pid_path, prefix() + "x.pid");
    EXPECT_EQ(from(std::string("pid /run/x.pid; ") + site_text).pid_path, "/run/x.pid");
    EXPECT_EQ(from(site_text).pid_path, prefix() + "logs/nginx.pid");
}

TEST_F(Loaded, DirectivesOfTheCommandLineCount) {
    EXPECT_FALSE(from(site_text, "daemon off; worker_processes 3;").core().daemon.value);
    EXPECT_EQ(from(site_text, "daemon off; worker_processes 3;").worker_count(), 3U);
}

using lines = std::vector<std::string>;

TEST_F(Loaded, ADirectiveInBothPlacesIsADuplicate) {
    EXPECT_EQ(complaints(std::string("daemon off;") + site_text, "daemon off;"),
              lines{"[emerg] \"daemon\" directive is duplicate in " + prefix() + "n.conf:1"});
}

TEST_F(Loaded, ErrorsOfTheCommandLineSaySo) {
    EXPECT_EQ(complaints(site_text, "daemon of;"),
              lines{"[emerg] invalid value \"of\" in \"daemon\" directive, it must be \"on\" or \"off\" in command "
                    "line"});
}

TEST_F(Loaded, EveryErrorIsReported) {
    EXPECT_EQ(complaints("events {} http { server { listen 8080;\nkeepalive_timeout x; send_timeout y; } }"),
              (lines{"[emerg] \"keepalive_timeout\" directive invalid value in " + prefix() + "n.conf:2",
                     "[emerg] \"send_timeout\" directive invalid value in " + prefix() + "n.conf:2"}));
}

// -t lets it pass with a note: the nginx that is meant may have a module for it. Here is none that could serve it.
TEST_F(Loaded, AnUnknownDirectiveIsRefused) {
    EXPECT_EQ(complaints(std::string("more_headers on;\n") + site_text),
              lines{"[emerg] unknown directive \"more_headers\" in " + prefix() + "n.conf:1"});
}

TEST_F(Loaded, WarningsAreTold) {
    std::ignore = from(
        "events {} http { access_log off; server { listen 8080; server_name a; } server { listen 8080; server_name a; "
        "} }");
    ASSERT_EQ(told().size(), 1U);
    EXPECT_TRUE(told()[0].starts_with("[warn] conflicting server name \"a\"")) << told()[0];
}

TEST_F(Loaded, WhatIsNotFollowedIsTold) {
    std::ignore = from(
        "error_log syslog:server=127.0.0.1;\nerror_log stderr;\nerror_log more.log;\nmaster_process off;\n"
        "events {} http { access_log off;\nerror_log http.log; }");
    const auto not_followed = "[warn] only the first error_log that is a file or stderr is followed, not the one in ";
    EXPECT_EQ(
        told(),
        (lines{not_followed + prefix() + "n.conf:1", not_followed + prefix() + "n.conf:3",
               "[warn] there is one error_log for all, that of the main level: the one of http is not followed in " +
                   prefix() + "n.conf:6",
               "[warn] without a master SIGHUP is not followed: stop and start for another configuration in " +
                   prefix() + "n.conf:4"}));
    std::ignore = from(std::string("error_log stderr; ") + site_text);
    EXPECT_EQ(told(), lines());
}

TEST_F(Loaded, TlsIsRefusedByItsPlace) {
    try {
        std::ignore = from(
            "events {} http { access_log off; server { listen 8443 ssl; ssl_certificate a; ssl_certificate_key b; } }");
        FAIL();
    } catch (const bad_input& failed) {
        const std::string text = failed.what();
        EXPECT_NE(text.find("n.conf:1:43: "), text.npos) << text;
        EXPECT_NE(text.find("TLS"), text.npos) << text;
    }
}

TEST_F(Loaded, AGroupMustBeKnownToo) {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    try {
        std::ignore = from(site_text, "user root firstfin-no-such-group;");
        FAIL();
    } catch (const bad_input& failed) {
        EXPECT_STREQ(failed.what(), "getgrnam(\"firstfin-no-such-group\") failed in command line");
    }
}

TEST_F(Loaded, AUserIsForRootAlone) {
    constexpr auto nobody_has_this = "user firstfin-no-such-user;\n";
    if (::geteuid() == 0) {
        try {
            std::ignore = from(std::string(nobody_has_this) + site_text);
            FAIL();
        } catch (const bad_input& failed) {
            EXPECT_EQ(failed.what(), "getpwnam(\"firstfin-no-such-user\") failed in " + prefix() + "n.conf:1");
        }
    } else {
        std::ignore = from(std::string(nobody_has_this) + site_text);
        EXPECT_EQ(told(), lines{"[warn] the \"user\" directive makes sense only if the master process runs with "
                                "super-user privileges, ignored in " +
                                prefix() + "n.conf:1"});
    }
}

TEST_F(Loaded, AutoIsAtLeastOneWorker) {
    EXPECT_GE(from(std::string("worker_processes auto; ") + site_text).worker_count(), 1U);
}

}  // namespace
}  // namespace firstfin::nginx
