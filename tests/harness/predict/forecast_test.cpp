#include "harness/predict/forecast.hpp"

#include <gtest/gtest.h>

namespace firstfin::predict {
namespace {

using model::closer;

const catalogue& profiles() {
    static const auto all = catalogue::load(FIRSTFIN_PROFILES);
    return all;
}

forecast of(const std::string& server, const std::string& client, const std::vector<std::string>& set = {}) {
    return make_forecast(server, client, set, profiles());
}

struct row {
    const char* name;
    const char* server;
    const char* client;
    std::vector<std::string> set;
    closer first;
    const char* lost;
    const char* knob;
};

class Forecast : public ::testing::TestWithParam<row> {};

TEST_P(Forecast, SaysWhoIsFirstWhatIsLostAndWhatToTurn) {
    const auto& expected = GetParam();
    const auto made = of(expected.server, expected.client, expected.set);
    EXPECT_EQ(to_text(made.outcome.first), to_text(expected.first));
    EXPECT_NE(made.lost_requests.find(expected.lost), std::string::npos) << made.lost_requests;
    EXPECT_NE(made.knob.find(expected.knob), std::string::npos) << made.knob;
}

INSTANTIATE_TEST_SUITE_P(Pairs, Forecast,
                         ::testing::Values(row{"a_short_backend",
                                               "node-http-server",
                                               "aws-alb",
                                               {},
                                               closer::server,
                                               "it sends none again",
                                               "server.keepalive_timeout above 60s makes the client first"},
                                           row{"a_long_backend",
                                               "node-http-server",
                                               "aws-alb",
                                               {"server.keepalive_timeout=65s"},
                                               closer::client,
                                               "none by idle closes",
                                               "server.keepalive_timeout below 60s makes the server first"},
                                           row{"windows_overlap",
                                               "nginx",
                                               "firefox",
                                               {"server.keepalive_timeout=120s"},
                                               closer::undecided,
                                               "it sends any request again",
                                               "above 125s makes the client first, below 115s the server"},
                                           row{"a_lazy_client_under_its_limit",
                                               "nginx",
                                               "chromium",
                                               {"server.keepalive_timeout=30s"},
                                               closer::server,
                                               "it sends any request again",
                                               "server.keepalive_timeout above 300s"},
                                           row{"a_lazy_client_over_its_limit",
                                               "nginx",
                                               "chromium",
                                               {"server.keepalive_timeout=400s"},
                                               closer::server,
                                               "reuses no connection that is older than 300s",
                                               "server.keepalive_timeout above 300s"},
                                           row{"a_client_without_a_limit",
                                               "nginx",
                                               "python-requests",
                                               {},
                                               closer::server,
                                               "possible",
                                               "client.idle_timeout"},
                                           row{"nobody_closes",
                                               "nginx",
                                               "python-requests",
                                               {"server.keepalive_timeout=never"},
                                               closer::nobody,
                                               "none: nobody closes",
                                               "client.idle_timeout"}),
                         [](const auto& one) { return std::string(one.param.name); });

TEST(ForecastShare, IsToldOnlyWhereTheMeasurementsApply) {
    const auto at_120 = of("nginx", "firefox", {"server.keepalive_timeout=120s"});
    ASSERT_TRUE(at_120.measured);
    EXPECT_GT(at_120.measured->of, 5U);
    EXPECT_LT(at_120.measured->client_first, at_120.measured->of);
    EXPECT_FALSE(at_120.measured->conditions.empty());
    EXPECT_FALSE(of("nginx", "firefox").measured) << "65 s needs no share";
    EXPECT_FALSE(of("nginx", "firefox", {"server.keepalive_timeout=65s", "client.idle_timeout=60s"}).measured)
        << "another limit was not measured";
}

TEST(ForecastText, FitsItsWidth) {
    for (const std::size_t width : {40U, 80U}) {
        const auto text = as_text(of("nginx", "firefox", {"server.keepalive_timeout=120s"}), profiles(), width);
        EXPECT_NE(text.find("first FIN: undecided"), std::string::npos) << text;
        std::size_t from = 0;
        while (from < text.size()) {
            const auto to = text.find('\n', from);
            EXPECT_LE(to - from, width) << text.substr(from, to - from);
            from = to + 1;
        }
    }
}

TEST(ForecastErrors, NameWhatIsMissing) {
    EXPECT_THROW((void)of("ngnix", "firefox"), bad_input);
    EXPECT_THROW((void)of("haproxy", "firefox"), bad_input) << "no built-in limit, none set";
}

}  // namespace
}  // namespace firstfin::predict
