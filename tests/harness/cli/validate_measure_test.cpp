#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

// `firstfin validate --measure` in a real sandbox: what is predicted happens, and what is called lost is lost.

namespace firstfin::test {
namespace {

namespace json = boost::json;

const std::string configuration = R"(events { }
http {
    upstream app { server 10.0.0.1:80; keepalive_timeout 60s; }
    server {
        listen 8080;
        keepalive_timeout 60s;
        location / { proxy_pass http://app; }
        location /once { proxy_pass http://10.0.0.2; }
    }
}
)";

struct MeasuredHops : testing::needs_namespaces {
    installation here;
    std::string file = here.file("nginx.conf", configuration);
};

TEST_F(MeasuredHops, AreAsPredictedAndLoseWhatIsCalledLost) {
    const auto ended = here.firstfin({"validate", file, "--client", "undici", "--client", "python-requests",
                                      "--backend", "app=idle=20s", "--backend", "idle=75s", "--measure",
                                      "--measure-for", "3s", "--format", "json"});
    EXPECT_EQ(ended.exit_code, 1) << ended.err;
    const auto told = json::parse(ended.out);
    std::size_t edges = 0;
    for (const auto& one : told.at("measured").at("hops").as_array()) {
        const auto words = json::serialize(one);
        EXPECT_EQ(one.at("conflicts"), 0) << words;
        if (one.at("scenario") == "idle") {
            EXPECT_EQ(one.at("as_predicted"), true) << words;
            continue;
        }
        ++edges;
        const auto& requests = one.at("requests");
        EXPECT_GE(requests.at("stale_reuse").to_number<int>() + requests.at("true_race").to_number<int>(), 4) << words;
    }
    EXPECT_EQ(edges, 2U) << "python-requests at nginx, nginx at its upstream";
}

TEST_F(MeasuredHops, WithoutPeersThereIsNothingToMeasure) {
    const auto ended = here.firstfin({"validate", file, "--measure"});
    EXPECT_EQ(ended.exit_code, 2);
    EXPECT_NE(ended.err.find("--client"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace firstfin::test
