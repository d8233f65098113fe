#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "tests/peers/nginx_requests/mutated_requests.hpp"
#include "tests/peers/nginx_requests/predicted_answers.hpp"
#include "tests/peers/nginx_requests/raw_requests.hpp"
#include "tests/peers/nginx_requests/received_answers.hpp"
#include "tests/peers/nginx_requests/running_nginx.hpp"

// Every raw request goes to the real nginx and through our parser; both have to say the same: which requests there
// are, what they mean, which are refused and how, and whether the connection goes on.

namespace firstfin::test {
namespace {

// 201, because a 200 is subject to If-Match and its like.
constexpr auto usual = R"(    server {
        listen unix:usual;
        server_name default.test;
        add_header X-Method $request_method always;
        location / { return 201 "$request_method|$uri|$args|$host|$server_protocol|$request_uri|$http_x_test"; }
    }
)";

constexpr auto other = R"(    server {
        listen unix:other;
        server_name default.test;
        add_header X-Method $request_method always;
        client_header_buffer_size 256;
        large_client_header_buffers 2 512;
        ignore_invalid_headers off;
        underscores_in_headers on;
        merge_slashes off;
        keepalive_disable safari;
        location / { return 201 "$request_method|$uri|$args|$host|$server_protocol|$request_uri|$http_x_test"; }
    }
)";

http_request::dialect installed_dialect() {
    int major = 0, minor = 0, patch = 0;
    std::sscanf(nginx_version().c_str(), "%d.%d.%d", &major, &minor, &patch);
    return http_request::dialect::of_nginx(major, minor, patch);
}

/// Its default where it knows the directive: since 1.29.8, and in Debian's 1.22.1 too.
std::size_t installed_max_headers() {
    return accepts_directive("max_headers 1;") ? 1000 : 0;
}

/// More mutations, or others, for a longer look than a test run wants: FIRSTFIN_MUTATIONS=100000 FIRSTFIN_SEED=7.
unsigned number_from(const char* variable, unsigned otherwise) {
    const auto* text = std::getenv(variable);
    return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

class NginxRequests : public ::testing::Test {
protected:
    void SetUp() override {
        if (!nginx_version().empty()) return;
        constexpr auto missing = "nginx is not installed: apt-get install nginx-light";
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << missing;
        GTEST_SKIP() << missing;
    }

    static void compare(const running_nginx& nginx, const std::string& socket, const tried_server& server) {
        auto all = raw_requests();
        auto mutated = mutated_requests(number_from("FIRSTFIN_MUTATIONS", 3000), number_from("FIRSTFIN_SEED", 1));
        std::move(mutated.begin(), mutated.end(), std::back_inserter(all));
        for (const auto& [name, bytes] : all) {
            SCOPED_TRACE(::testing::PrintToString(name));
            const auto sent = nginx.exchange(socket, bytes);
            EXPECT_EQ(predicted_answers(bytes, server), received_answers(sent)) << sent;
        }
    }
};

TEST_F(NginxRequests, AreReadAlike) {
    const running_nginx nginx(usual);
    tried_server server;
    server.rules.max_headers = installed_max_headers();
    server.rules.speaks = installed_dialect();
    compare(nginx, "usual", server);
}

TEST_F(NginxRequests, AreReadAlikeUnderOtherRules) {
    const running_nginx nginx(other);
    tried_server server;
    server.rules = {.client_header_buffer_size = 256,
                    .large_buffers = 2,
                    .large_buffer_size = 512,
                    .ignore_invalid_headers = false,
                    .underscores_in_headers = true,
                    .merge_slashes = false,
                    .speaks = installed_dialect()};
    server.disables_safari = true;
    compare(nginx, "other", server);
}

}  // namespace
}  // namespace firstfin::test
