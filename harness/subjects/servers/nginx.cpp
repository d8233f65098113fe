#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

/// The user is who it is anyway: nothing it serves is anybody else's.
constexpr std::string_view frame = R"(daemon off;
user root root;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/tmp/body;
    proxy_temp_path {folder}/tmp/proxy;
    fastcgi_temp_path {folder}/tmp/fastcgi;
    uwsgi_temp_path {folder}/tmp/uwsgi;
    scgi_temp_path {folder}/tmp/scgi;
    default_type text/html;
    server {{
        listen 0.0.0.0:{port};
        root {folder};
{told}        location / {{ try_files /page.html =404; }}
    }}
}}
)";

/// nginx keeps times as 32 bits of milliseconds: 24 days are its "never".
constexpr std::string_view never = "24d";

std::string time(std::string_view setting, time_limit limit) {
    if (limit.is_never()) return std::string(never);
    return fmt::format("{}ms", milliseconds("nginx", setting, limit));
}

std::string told_lines(const server_request& of) {
    std::string out;
    const auto line = [&out](std::string_view name, const std::string& value) {
        out += fmt::format("        {} {};\n", name, value);
    };
    const bool hint = of.told.contains("keepalive_hint");
    if (of.told.contains("keepalive_timeout") || hint) {
        auto value = time("server.keepalive_timeout", of.policy.keepalive_timeout);
        if (hint)
            value += fmt::format(" {}s", whole_seconds("nginx", "server.keepalive_hint", of.policy.keepalive_hint));
        line("keepalive_timeout", value);
    }
    if (of.told.contains("keepalive_requests"))
        line("keepalive_requests", std::to_string(requests("nginx", of.policy.keepalive_requests)));
    if (of.told.contains("keepalive_time"))
        line("keepalive_time", time("server.keepalive_time", of.policy.keepalive_time));
    if (of.told.contains("header_timeout"))
        line("client_header_timeout", time("server.header_timeout", of.policy.header_timeout));
    return out;
}

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {"-p", of.folder + "/", "-e", "stderr", "-c", of.folder + "/nginx.conf"};
    out.files = {{"nginx.conf", fmt::format(frame, fmt::arg("folder", of.folder), fmt::arg("port", of.port),
                                            fmt::arg("told", told_lines(of)))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject nginx() {
    return {.id = "nginx",
            .name = "nginx",
            .profile = "nginx",
            .comes_from = {.programs = {"nginx"}, .packages = {"nginx-light"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_hint", "keepalive_requests", "keepalive_time", "header_timeout"},
            .prepare = prepare,
            .reload_signal = SIGHUP,
            .quit_signal = SIGQUIT};
}

}  // namespace firstfin::subjects
