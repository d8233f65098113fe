#include "harness/validate/project_file.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::validate {
namespace {

using words = std::vector<std::string>;

class ProjectFile : public testing::Test {
protected:
    void SetUp() override {
        folder_ =
            std::filesystem::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
        std::filesystem::create_directories(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    [[nodiscard]] std::filesystem::path file() const { return folder_ / "firstfin.toml"; }

    project_file read(const std::string& text) {
        std::ofstream(file()) << text;
        return read_project_file(file(), test::all_profiles());
    }

    /// Without the folder.
    std::string complaint(const std::string& text) {
        try {
            (void)read(text);
        } catch (const bad_input& failed) {
            std::string out = failed.what();
            if (const auto at = out.find(folder_.string() + "/"); at != std::string::npos)
                out.erase(at, folder_.string().size() + 1);
            return out;
        }
        return "no error";
    }

    std::filesystem::path folder_;
};

TEST_F(ProjectFile, TakesTheWordsOfTheOptions) {
    const auto got = read(R"([validate]
clients = ["browsers", "127.0.0.1:8443=cloudflare", "idle=30s,mode=timer"]
backends = { api = "node-http-server", "127.0.0.1:1" = ["idle=5s", "idle=6s"] }
rate = 500
latency = "80ms"
connections = 20000
reloads_per_hour = 0.5
workers = 4
nginx_version = "1.22.1"
fail_on = "never"
[validate.rates]
"example.org:443" = 300
[validate.sysctl]
net.ipv4.tcp_tw_reuse = 1
tcp_fin_timeout = 10
)");
    EXPECT_EQ(got.words.clients, (words{"browsers", "127.0.0.1:8443=cloudflare", "idle=30s,mode=timer"}));
    EXPECT_EQ(got.words.backends, (words{"127.0.0.1:1=idle=5s", "127.0.0.1:1=idle=6s", "api=node-http-server"}));
    EXPECT_EQ(got.words.rates, (words{"500", "example.org:443=300"}));
    EXPECT_EQ(got.words.sysctls, (words{"net.ipv4.tcp_tw_reuse=1", "tcp_fin_timeout=10"}));
    EXPECT_EQ(got.fail_on, "never");
    const auto asked = to_question(got.words, test::all_profiles());
    EXPECT_EQ(asked.traffic.rate, 500);
    EXPECT_EQ(asked.traffic.latency, std::chrono::milliseconds(80));
    EXPECT_EQ(asked.traffic.connections, 20000U);
    EXPECT_EQ(asked.traffic.reloads_per_hour, 0.5);
    EXPECT_EQ(asked.traffic.workers, 4U);
    EXPECT_EQ(asked.version, (nginx_conf::nginx_version{1, 22, 1}));
    EXPECT_EQ(asked.system.reuse, port_reuse::on);
}

TEST_F(ProjectFile, MaySayLittle) {
    EXPECT_EQ(read("").words.clients, words{});
    EXPECT_EQ(read("[validate]\n").fail_on, std::nullopt);
    EXPECT_EQ(read("validate.clients = 'browsers'\n").words.clients, words{"browsers"});
    EXPECT_EQ(read("validate.sysctl = 'this-machine'\n").words.sysctls, words{"this-machine"});
}

TEST_F(ProjectFile, IsRefusedWithLineAndColumn) {
    EXPECT_EQ(complaint("[validate]\nclient = 'x'\n"),
              "firstfin.toml:2:1: unknown key 'client' in [validate]; did you mean 'clients'?");
    EXPECT_EQ(complaint("[validat]\n"),
              "firstfin.toml:1:2: unknown key 'validat' in the file (settings belong into [validate]); did you mean "
              "'validate'?");
    EXPECT_EQ(complaint("validate = 1\n"), "firstfin.toml:1:12: validate: expected a table, [validate]");
    EXPECT_EQ(complaint("[validate]\nrate = 0\n"), "firstfin.toml:2:8: rate: expected a number above 0, not '0'");
    EXPECT_EQ(complaint("[validate]\nrates = { a = 'x' }\n"),
              "firstfin.toml:2:15: rates: expected a number above 0, not 'x'");
    EXPECT_EQ(complaint("[validate]\nrates = 5\n").substr(0, 42), "firstfin.toml:2:9: rates: expected a table");
    EXPECT_EQ(complaint("[validate]\nclients = [1]\n"), "firstfin.toml:2:12: clients: expected a list of strings");
    EXPECT_EQ(complaint("[validate]\nclients = ['curl-cli',\n 'firefx']\n").substr(0, 68),
              "firstfin.toml:3:2: clients: no client profile is called 'firefx'; di");
    EXPECT_EQ(complaint("[validate]\nbackends = { a = { b = 'c' } }\n"),
              "firstfin.toml:2:18: backends: expected a string or a list of strings");
    EXPECT_EQ(complaint("[validate]\nlatency = 5\n").substr(0, 28), "firstfin.toml:2:11: latency:");
    EXPECT_EQ(complaint("[validate]\nsysctl = { tcp_tw_reuse = 3 }\n"),
              "firstfin.toml:2:27: sysctl: net.ipv4.tcp_tw_reuse: '3' is not 0 (off), 1 (on) or 2 (loopback only)");
    EXPECT_EQ(complaint("[validate]\nsysctl = 'here'\n"),
              "firstfin.toml:2:10: sysctl: expected \"this-machine\" or a table, such as { tcp_tw_reuse = 1 }");
    EXPECT_EQ(complaint("[validate]\nfail_on = 'warn'\n"),
              "firstfin.toml:2:11: fail_on: expected note, warning, error or never, not 'warn'");
    EXPECT_EQ(complaint("[validate]\nfail_on = 1979-05-27\n"),
              "firstfin.toml:2:11: expected a string, a number or a boolean");
    EXPECT_EQ(complaint("[validate\n").substr(0, 16), "firstfin.toml:1:");
}

TEST_F(ProjectFile, NeverReachesATerminalRaw) {
    EXPECT_EQ(complaint("[validate]\nfail_on = \"\\u001b[2J\"\n"),
              "firstfin.toml:2:11: fail_on: expected note, warning, error or never, not '\\x1B[2J'");
    EXPECT_EQ(complaint("[validate]\n\"\\u001b\" = 1\n"), "firstfin.toml:2:1: unknown key '\\x1B' in [validate]");
    const std::string bytes("[validate]\n\x1b\x07\xff\x00", 15);
    EXPECT_EQ(complaint(bytes).find_first_of("\x1b\x07\xff\n"), std::string::npos) << complaint(bytes);
    EXPECT_EQ(complaint(std::string(2U << 20U, '\n')), "firstfin.toml: larger than 1048576 bytes");
}

TEST_F(ProjectFile, IsFoundBesideTheConfiguration) {
    const auto profiles = test::all_profiles();
    EXPECT_FALSE(project_file_beside(folder_ / "nginx.conf", profiles));
    std::ofstream(file()) << "validate.fail_on = 'note'\n";
    EXPECT_EQ(project_file_beside(folder_ / "nginx.conf", profiles)->path, file());
    EXPECT_EQ(project_file_beside(folder_, profiles)->fail_on, "note");
    EXPECT_FALSE(project_file_beside(folder_ / "sites-enabled/a", profiles));
    std::ofstream(folder_ / "nginx.conf") << "";
    EXPECT_EQ(project_file_beside(folder_ / "sites-enabled/a", profiles)->path, file());
    std::filesystem::create_directory(folder_ / "conf.d");
    EXPECT_EQ(project_file_beside(folder_ / "conf.d", profiles)->path, file());
    std::ofstream(folder_ / "conf.d/firstfin.toml") << "validate.fail_on = 'error'\n";
    EXPECT_EQ(project_file_beside(folder_ / "conf.d", profiles)->fail_on, "error");
    std::filesystem::remove(file());
    std::filesystem::create_directory(file());
    EXPECT_THROW((void)project_file_beside(folder_, profiles), bad_input);
}

TEST_F(ProjectFile, LosesAgainstTheCommandLine) {
    const auto file = read(
        "[validate]\nclients = ['browsers', 'a=curl-cli']\nrate = 5\nrates = { a = 1, b = 2 }\n"
        "workers = 2\nlatency = '1s'\nsysctl = { tcp_tw_reuse = 1, tcp_fin_timeout = 7 }\n");
    question_words given;
    given.clients = {"wrk"};
    given.rates = {"b=3", "6"};
    given.workers = {"8"};
    given.sysctls = {"tcp_tw_reuse=0"};
    const auto all = combined(given, file);
    EXPECT_EQ(all.clients, words{"wrk"});
    const auto asked = to_question(all, test::all_profiles());
    EXPECT_EQ(asked.traffic.rate, 6);
    EXPECT_EQ(asked.traffic.rates.at("a"), 1);
    EXPECT_EQ(asked.traffic.rates.at("b"), 3);
    EXPECT_EQ(asked.traffic.workers, 8U);
    EXPECT_EQ(asked.traffic.latency, std::chrono::seconds(1));
    EXPECT_EQ(asked.system.reuse, port_reuse::off);
    EXPECT_EQ(asked.system.fin_timeout, std::chrono::seconds(7));
    EXPECT_EQ(combined({}, file).clients.size(), 2U);
}

}  // namespace
}  // namespace firstfin::validate
