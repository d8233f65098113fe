#include <fmt/format.h>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

/// A frontend that answers by itself. It has no idle limit of its own, so it must be told one; the other time-outs are
/// far away.
constexpr std::string_view frame = R"(global
    maxconn 4000
defaults
    mode http
    timeout connect 1h
    timeout client 1h
    timeout server 1h
    timeout http-request 1h
frontend page
    bind 0.0.0.0:{port}
{told}    http-request return status 200 content-type text/html file {folder}/page.html
)";

launch prepare(const server_request& of) {
    std::string told;
    if (of.told.contains("keepalive_timeout")) {
        const auto limit = of.policy.keepalive_timeout;
        if (limit.is_zero())
            told = "    option httpclose\n";
        else
            told = fmt::format("    timeout http-keep-alive {}ms\n",
                               milliseconds("HAProxy", "server.keepalive_timeout", limit));
    }
    launch out;
    out.arguments = {"-db", "-f", of.folder + "/haproxy.cfg"};
    out.files = {{"haproxy.cfg",
                  fmt::format(frame, fmt::arg("folder", of.folder), fmt::arg("port", of.port), fmt::arg("told", told))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject haproxy() {
    return {.id = "haproxy",
            .name = "HAProxy",
            .profile = "haproxy-downstream",
            .comes_from = {.programs = {"haproxy"}, .packages = {"haproxy"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare};
}

}  // namespace firstfin::subjects
