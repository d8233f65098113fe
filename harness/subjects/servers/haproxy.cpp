#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

/// A frontend that answers by itself. Unless told it has no limit at all, of which it warns on standard error.
constexpr std::string_view frame = R"(defaults
    mode http
{2}frontend front
    bind 0.0.0.0:{1}
    http-request return status 200 content-type text/html file {0}/page.html
)";

launch prepare(const server_request& of) {
    std::string told;
    if (is_told(of, "keepalive_timeout") && !of.policy.keepalive_timeout.is_never()) {
        const auto limit = idle_limit(of);
        refuse_zero(limit, "HAProxy", "no limit");
        // Without a `timeout client` the other is not heeded (seen with 2.6.12: nothing closes).
        told = fmt::format("    timeout client 24d\n    timeout http-keep-alive {}ms\n",
                           whole<std::chrono::milliseconds>(limit, "HAProxy"));
    }
    launch out;
    // A master with a worker, in the foreground: as packages start it.
    out.arguments = {"-W", "-f", of.folder + "/haproxy.cfg"};
    out.files = {{"haproxy.cfg", fmt::format(frame, of.folder, of.port, told)}, {"page.html", std::string(page)}};
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
