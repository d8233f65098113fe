#include "server/nginx/master/loaded.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "core/parse_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::nginx {
namespace {

class Loaded : public ::testing::Test {
protected:
    loaded from(const std::string& text, const std::string& directives = {}) {
        std::ofstream(folder_.path() / "n.conf") << text;
        return load({prefix(), "n.conf", directives, {}, std::nullopt, nginx_conf::newest_known});
    }
    std::string complaint(const std::string& text, const std::string& directives = {}) {
        try {
            std::ignore = from(text, directives);
        } catch (const bad_input& refused) {
            return refused.what();
        }
        return {};
    }
    [[nodiscard]] std::string prefix() const { return folder_.path().string() + "/"; }

    test::temporary_folder folder_;
};

constexpr auto site_text = "events {} http { server { listen 8080; } }";

TEST_F(Loaded, PathsStartAtThePrefix) {
    EXPECT_EQ(from(std::string("pid x.pid; ") + site_text).pid_path, prefix() + "x.pid");
    EXPECT_EQ(from(std::string("pid /run/x.pid; ") + site_text).pid_path, "/run/x.pid");
    EXPECT_EQ(from(site_text).pid_path, prefix() + "logs/nginx.pid");
}

TEST_F(Loaded, DirectivesOfTheCommandLineCount) {
    EXPECT_FALSE(from(site_text, "daemon off; worker_processes 3;").core().daemon.value);
    EXPECT_EQ(from(site_text, "daemon off; worker_processes 3;").worker_count(), 3U);
}

TEST_F(Loaded, ADirectiveInBothPlacesIsADuplicate) {
    EXPECT_EQ(complaint(std::string("daemon off;") + site_text, "daemon off;"),
              prefix() + "n.conf:1:1: [emerg] \"daemon\" directive is duplicate");
}

TEST_F(Loaded, ErrorsOfTheCommandLineSaySo) {
    EXPECT_EQ(complaint(site_text, "daemon of;"),
              "command line:1:8: [emerg] invalid value \"of\" in \"daemon\" directive, it must be \"on\" or \"off\"");
}

TEST_F(Loaded, EveryErrorIsReported) {
    EXPECT_EQ(complaint("events {} http { server { listen 8080; keepalive_timeout x; send_timeout y; } }"),
              prefix() + "n.conf:1:58: [emerg] \"keepalive_timeout\" directive invalid value\n" + prefix() +
                  "n.conf:1:74: [emerg] \"send_timeout\" directive invalid value");
}

TEST_F(Loaded, TlsIsRefusedByItsPlace) {
    const auto text = complaint("events {} http { server { listen 8443 ssl; } }");
    EXPECT_NE(text.find("n.conf:1:27: "), std::string::npos) << text;
    EXPECT_NE(text.find("TLS"), std::string::npos) << text;
}

TEST_F(Loaded, AutoIsAtLeastOneWorker) {
    EXPECT_GE(from(std::string("worker_processes auto; ") + site_text).worker_count(), 1U);
}

}  // namespace
}  // namespace firstfin::nginx
