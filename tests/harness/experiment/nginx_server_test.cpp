#include <gtest/gtest.h>

#include <fstream>

#include "harness/experiment/plan.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::experiment {
namespace {

using namespace std::chrono_literals;

/// Experiments beside nginx configurations.
class NginxServer : public ::testing::Test {
protected:
    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((folder_.path() / name).parent_path());
        std::ofstream(folder_.path() / name) << text;
    }
    void configuration(const std::string& name, const std::string& server) const {
        write(name, "events {} http {\n server { " + server + " }\n}\n");
    }
    plan planned(const std::string& text, double time_scale = 1) const {
        write("x.toml", text);
        auto what = read_experiment(folder_.path() / "x.toml");
        what.time_scale = time_scale;
        return make_plan(std::move(what), profiles_, scale_sensitive_cells::allow);
    }
    std::string complaint(const std::string& text, double time_scale = 1) const {
        try {
            (void)planned(text, time_scale);
        } catch (const bad_input& failed) {
            return failed.what();
        }
        return "accepted";
    }
    void expect_complaint(const std::string& text, const std::vector<std::string>& parts) const {
        const auto said = complaint(text);
        for (const auto& part : parts)
            EXPECT_NE(said.find(part), std::string::npos) << "wanted: " << part << "\nsaid: " << said;
    }

    firstfin::test::temporary_folder folder_;
    catalogue profiles_ = catalogue::load(FIRSTFIN_PROFILES);
};

constexpr auto one_file = "[server]\nconfig = \"a.conf\"\n";

TEST_F(NginxServer, IsReadBesideTheExperimentAndPredicted) {
    configuration("a.conf", "listen 8080; keepalive_timeout 2s;");
    const auto made = planned(std::string(one_file) + "[client]\nidle_timeout = \"1s\"\n");
    const auto& one = made.cells.at(0);
    EXPECT_EQ(one.predicted.first, model::closer::client);
    EXPECT_EQ(one.unscaled.server.keepalive_timeout, time_limit(2s));
    const auto& server = made.stages.at(0).nginx.value();
    EXPECT_EQ(server.file, (folder_.path() / "a.conf").string());
    EXPECT_EQ(server.listen, "0.0.0.0:8080");
    EXPECT_EQ(server.port, 8080);
}

TEST_F(NginxServer, TheFirstPlainListenOfTheFamilyIsTaken) {
    configuration("a.conf",
                  "listen unix:/tmp/x; listen 9443 ssl; listen 127.0.0.1:81; listen [::]:82; listen 83; listen 84;"
                  " ssl_certificate a; ssl_certificate_key b;");
    EXPECT_EQ(planned(one_file).stages.at(0).nginx->port, 83);
    EXPECT_EQ(planned(one_file).stages.at(0).nginx->listens, 6U);
    EXPECT_EQ(planned(std::string(one_file) + "[link]\nfamily = \"ipv6\"\n").stages.at(0).nginx->port, 82);
}

TEST_F(NginxServer, ACellIsWhatTheConfigurationSaysNotWhereItIs) {
    configuration("a.conf", "listen 80; keepalive_timeout 2s;");
    configuration("deep/b.conf", "listen 80; keepalive_timeout 2s;");
    configuration("c.conf", "listen 80; keepalive_timeout 3s;");
    const auto id = [&](const std::string& server) { return planned("[server]\n" + server).cells.at(0).id; };
    EXPECT_EQ(id("config = \"a.conf\""), id("config = \"deep/b.conf\""));
    EXPECT_EQ(id("config = \"a.conf\""), id("config = \"a.conf\"\nnginx_version = \"1.31.5\""));
    EXPECT_NE(id("config = \"a.conf\""), id("config = \"a.conf\"\nnginx_version = \"1.22.1\""));
    EXPECT_NE(id("config = \"a.conf\""), id("config = \"c.conf\""));
    expect_complaint("[sweep]\n\"server.config\" = [\"a.conf\", \"deep/b.conf\"]\n", {"x.toml:2:", "the same cell"});
}

TEST_F(NginxServer, AnIncludedFileCountsToo) {
    write("a.conf", "events {} http { server { listen 80; include more; } }");
    write("more", "keepalive_timeout 2s;");
    const auto before = planned(one_file).cells.at(0).id;
    write("more", "keepalive_timeout 2s; # the same, but who knows");
    EXPECT_NE(planned(one_file).cells.at(0).id, before);
}

TEST_F(NginxServer, SweptConfigurationsHaveStagesOfTheirOwnAndAreCalledAsTyped) {
    configuration("a.conf", "listen 80; keepalive_timeout 1s;");
    configuration("b.conf", "listen 80; keepalive_timeout 2s;");
    const auto made = planned(R"([client]
idle_timeout = "5s"
[sweep]
"server.config" = ["a.conf", "./b.conf"]
"scenario.requests" = [1, 2]
[[expect]]
when = { "server.config" = "./b.conf" }
today = "server"
)");
    ASSERT_EQ(made.cells.size(), 4U);
    EXPECT_EQ(made.stages.size(), 2U);
    EXPECT_EQ(made.cells[0].stage, made.cells[1].stage);
    const auto params = canonical(made.cells[2].unscaled);
    const std::pair<std::string, std::string> typed{"server.config", "./b.conf"};
    EXPECT_EQ(std::ranges::count(params, typed), 1);
    EXPECT_TRUE(std::ranges::is_sorted(params));
}

TEST_F(NginxServer, WithoutAnIdleTimeItIsTheServerThatCloses) {
    configuration("a.conf", "listen 80; keepalive_timeout 0;");
    EXPECT_EQ(planned(one_file).cells.at(0).predicted.first, model::closer::server);
}

TEST_F(NginxServer, SaysWhatIsWrongAndWhere) {
    configuration("a.conf", "listen 80;");
    configuration("invalid.conf", "listen 80; keepalive_timeout x;");
    configuration("socket.conf", "listen unix:/tmp/x;");
    configuration("local.conf", "listen 127.0.0.1:81;");
    expect_complaint("[server]\nconfig = \"none.conf\"\n",
                     {"x.toml:2:10: server.config: ", "none.conf", "No such file"});
    expect_complaint("[server]\nconfig = \"invalid.conf\"\n",
                     {"x.toml:2:10: ", "invalid.conf:2:40: [emerg] \"keepalive_timeout\" directive invalid value"});
    expect_complaint("[server]\nconfig = \"socket.conf\"\n", {"x.toml:2:10: ", "no plain HTTP on TCP"});
    expect_complaint("[server]\nconfig = \"local.conf\"\n", {"x.toml:2:10: ", "local.conf:2:11: ", "127.0.0.1:81"});
    expect_complaint("[server]\nconfig = \"\"\n", {"x.toml:2:10: ", "path"});
    expect_complaint("[server]\nnginx_version = \"1.22.1\"\n", {"x.toml:2:17: ", "set server.config too"});
    expect_complaint("[server]\nconfig = \"a.conf\"\nnginx_version = \"0.7\"\n", {"x.toml:3:17: ", "0.7"});
    for (const std::string beside : {"keepalive_timeout = \"3s\"", "profile = \"nginx\"", "response_size = 7"})
        expect_complaint("[server]\nconfig = \"a.conf\"\n" + beside + "\n",
                         {"x.toml:3:", "server." + beside.substr(0, beside.find(' ')), "does not go together"});
    expect_complaint(std::string(one_file) + "[sweep]\nskew = [\"1s\"]\n", {"x.toml:4:8: skew: "});
    expect_complaint("[server]\nconfig_digest = \"7\"\n", {"unknown setting 'server.config_digest'"});
}

TEST_F(NginxServer, KeepsItsTimes) {
    configuration("a.conf", "listen 80;");
    EXPECT_EQ(complaint(one_file), "accepted");
    EXPECT_NE(complaint(one_file, 0.5).find("x.toml:2:10: server.config: an nginx configuration keeps its own times"),
              std::string::npos);
}

TEST_F(NginxServer, NeedsRoomForAllTrials) {
    write("a.conf", "events { worker_connections 32; } http { server { listen 80; } }");
    EXPECT_EQ(complaint(std::string(one_file) + "[run]\nreplicates = 28\n"), "accepted");
    expect_complaint(std::string(one_file) + "[run]\nreplicates = 29\n", {"29 trials", "worker_connections"});
}

TEST_F(NginxServer, APathOnTheCommandLineStartsFromTheCurrentFolder) {
    configuration("deep/b.conf", "listen 80;");
    write("x.toml", "");
    auto what = read_experiment(folder_.path() / "x.toml");
    const auto here = std::filesystem::relative(folder_.path() / "deep" / "b.conf");
    override_setting(what, "server.config=" + here.string());
    EXPECT_EQ(make_plan(what, profiles_, scale_sensitive_cells::allow).cells.at(0).unscaled.server_config,
              "deep/b.conf");
}

}  // namespace
}  // namespace firstfin::experiment
