#include "harness/experiment/nginx_policy.hpp"

#include <gtest/gtest.h>

#include "tests/server/nginx_conf/in_memory.hpp"

namespace firstfin::experiment {
namespace {

using namespace std::chrono_literals;

server_policy with(const std::function<void(server_policy&)>& change) {
    server_policy out;
    change(out);
    return out;
}

struct row {
    const char* name;
    const char* server;  ///< what stands in its block
    server_policy means;
};

class NginxPolicy : public ::testing::TestWithParam<row> {};

TEST_P(NginxPolicy, SaysWhatTheConfigurationMeans) {
    const auto text = std::string("events {} http { server { listen 8080; ") + GetParam().server + " } }";
    const auto read = nginx_conf::test::read_text(text);
    ASSERT_TRUE(read.is_valid()) << text;
    const auto all = nginx_conf::effective(read);
    const auto policy = policy_of(all, all.listens.at(0));
    for (const auto& field : fields_of(policy))
        EXPECT_EQ(field.write(policy), field.write(GetParam().means)) << field.name;
    EXPECT_EQ(policy, GetParam().means);
}

INSTANTIATE_TEST_SUITE_P(
    Configurations, NginxPolicy,
    ::testing::Values(
        row{"defaults", "", {}}, row{"limit_and_hint", "keepalive_timeout 20s 15s;", with([](auto& it) {
                                         it.keepalive_timeout = 20s;
                                         it.keepalive_hint = 15s;
                                     })},
        row{"no_keepalive", "keepalive_timeout 0;", with([](auto& it) { it.keepalive_timeout = 0s; })},
        row{"the_location_of_the_root_page", "keepalive_timeout 1s; location = / { keepalive_timeout 1500ms; }",
            with([](auto& it) { it.keepalive_timeout = 1500ms; })},
        row{"not_another_location", "keepalive_timeout 1s; location /other { keepalive_timeout 9s; }",
            with([](auto& it) { it.keepalive_timeout = 1s; })},
        row{"counts_and_age", "keepalive_requests 3; keepalive_time 2m;", with([](auto& it) {
                it.keepalive_requests = {3};
                it.keepalive_time = 2min;
            })},
        row{"no_request_is_one", "keepalive_requests 0;", with([](auto& it) { it.keepalive_requests = {1}; })},
        row{"header_timeout", "client_header_timeout 7s;", with([](auto& it) { it.header_timeout = 7s; })},
        row{"lingering_on_is_a_plain_close", "lingering_close on;", {}},
        row{"lingering_off_is_a_plain_close", "lingering_close off;", {}},
        row{"lingering_always", "lingering_close always; lingering_time 4s; lingering_timeout 3s;", with([](auto& it) {
                it.close_style = server_close_style::linger;
                it.lingering_time = 4s;
                it.lingering_timeout = 3s;
            })}),
    [](const auto& one) { return std::string(one.param.name); });

TEST(NginxPolicyOf, TheDefaultServerOfTheSocketAnswers) {
    const auto read = nginx_conf::test::read_text(
        "events {} http { keepalive_timeout 9s;"
        " server { listen 8080; keepalive_timeout 1s; }"
        " server { listen 8080 default_server; keepalive_timeout 2s; }"
        " server { listen 8081; } }");
    ASSERT_TRUE(read.is_valid());
    const auto all = nginx_conf::effective(read);
    EXPECT_EQ(policy_of(all, all.listens.at(0)).keepalive_timeout, time_limit(2s));
    EXPECT_EQ(policy_of(all, all.listens.at(1)).keepalive_timeout, time_limit(9s));
}

}  // namespace
}  // namespace firstfin::experiment
