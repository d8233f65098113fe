#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view frame = R"({{"admin": {{"disabled": true, "config": {{"persist": false}}}},
 "logging": {{"logs": {{"default": {{"level": "ERROR"}}}}}},
 "apps": {{"http": {{"servers": {{"page": {{
   "listen": ["tcp4/0.0.0.0:{port}"],{told}
   "automatic_https": {{"disable": true}},
   "routes": [{{"handle": [{{"handler": "static_response", "headers": {{"Content-Type": ["text/html"]}},
                            "body": "{page}"}}]}}]}}}}}}}}}}
)";

launch prepare(const server_request& of) {
    std::string told;
    if (of.told.contains("keepalive_timeout")) {
        refuse_zero("Caddy", "its default", of.policy.keepalive_timeout);
        told = fmt::format("\n   \"idle_timeout\": \"{}ms\",",
                           milliseconds("Caddy", "server.keepalive_timeout", of.policy.keepalive_timeout));
    }
    auto body = std::string(page());
    body.pop_back();
    launch out;
    out.arguments = {"run", "--config", of.folder + "/caddy.json"};
    out.files = {
        {"caddy.json", fmt::format(frame, fmt::arg("port", of.port), fmt::arg("told", told), fmt::arg("page", body))}};
    return out;
}

}  // namespace

server_subject caddy() {
    return {.id = "caddy",
            .name = "Caddy",
            .profile = "caddy",
            .comes_from = {.programs = {"caddy"}, .packages = {"caddy"}, .version_arguments = {"version"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects
