#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

/// Worker and master are the same user: in a user namespace there is no other. There initgroups() is refused too, which
/// a worker reports on standard error and survives.
constexpr std::string_view frame = R"(daemon off;
user root;
pid {0}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {0}/body;
    proxy_temp_path {0}/proxy;
    fastcgi_temp_path {0}/fastcgi;
    uwsgi_temp_path {0}/uwsgi;
    scgi_temp_path {0}/scgi;
    default_type text/html;
{2}    server {{
        listen 0.0.0.0:{1};
        root {0};
        location / {{ try_files /page.html =404; }}
    }}
}}
)";

std::string milliseconds(duration of) {
    return whole<std::chrono::milliseconds>(of, "nginx") + "ms";
}

std::string directives(const server_request& of) {
    std::string out;
    const auto add = [&](std::string_view name, const std::string& value) {
        out += fmt::format("    {} {};\n", name, value);
    };
    const auto& policy = of.policy;
    // The hint is the limit's second argument.
    const bool hint = is_told(of, "keepalive_hint") && policy.keepalive_hint != duration{};
    if (hint || is_told(of, "keepalive_timeout"))
        add("keepalive_timeout",
            milliseconds(idle_limit(of)) +
                (hint ? " " + whole<std::chrono::seconds>(policy.keepalive_hint, "nginx") + "s" : ""));
    if (is_told(of, "keepalive_requests"))
        add("keepalive_requests",
            fmt::format("{}",
                        policy.keepalive_requests.is_unlimited() ? 1'000'000'000 : policy.keepalive_requests.value));
    if (is_told(of, "keepalive_time"))
        add("keepalive_time",
            milliseconds(policy.keepalive_time.is_never() ? practically_never : policy.keepalive_time.value()));
    if (is_told(of, "header_timeout"))
        add("client_header_timeout",
            milliseconds(policy.header_timeout.is_never() ? practically_never : policy.header_timeout.value()));
    if (is_told(of, "lingering_time")) add("lingering_time", milliseconds(policy.lingering_time));
    if (is_told(of, "lingering_timeout")) add("lingering_timeout", milliseconds(policy.lingering_timeout));
    return out;
}

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {"-p", of.folder + "/", "-e", "stderr", "-c", of.folder + "/nginx.conf"};
    out.files = {{"nginx.conf", fmt::format(frame, of.folder, of.port, directives(of))},
                 {"page.html", std::string(page)}};
    return out;
}

}  // namespace

server_subject nginx() {
    return {.id = "nginx",
            .name = "nginx",
            .profile = "nginx",
            .comes_from = {.programs = {"nginx"}, .packages = {"nginx-light"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_hint", "keepalive_requests", "keepalive_time", "header_timeout",
                      "lingering_time", "lingering_timeout"},
            .prepare = prepare,
            .reload_signal = SIGHUP,
            .quit_signal = SIGQUIT};
}

}  // namespace firstfin::subjects
