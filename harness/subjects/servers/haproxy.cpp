#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

/// A frontend that answers by itself. Untold it has no time-out at all, of which it warns.
constexpr std::string_view frame = R"(global
    maxconn 4000
defaults
    mode http
frontend page
    bind 0.0.0.0:{port}
{told}    http-request return status 200 content-type text/html file {folder}/page.html
)";

launch prepare(const server_request& of) {
    std::string told;
    // Never is what it does untold.
    if (of.told.contains("keepalive_timeout") && !of.policy.keepalive_timeout.is_never()) {
        const auto limit = of.policy.keepalive_timeout;
        if (limit.is_zero())
            told = "    option httpclose\n";
        else
            // Without any `timeout client` the other is not heeded: 2.6.12 then closes nothing.
            told = fmt::format("    timeout client 24d\n    timeout http-keep-alive {}ms\n",
                               milliseconds("HAProxy", "server.keepalive_timeout", limit));
    }
    launch out;
    // Master and worker, in the foreground: a master can reload.
    out.arguments = {"-W", "-f", of.folder + "/haproxy.cfg"};
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
            .prepare = prepare,
            .reload_signal = SIGUSR2,
            .quit_signal = SIGUSR1};
}

}  // namespace firstfin::subjects
