#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/subject.hpp"

namespace firstfin::subjects {

namespace {

/// Without a master there is no change of user, which a user namespace would refuse.
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
    server {{
        listen 0.0.0.0:{1};
        root {0};
        {2}
        location / {{ try_files /page.html =404; }}
    }}
}}
)";

std::string seconds(duration of) {
    return fmt::format("{}ms", std::chrono::ceil<std::chrono::milliseconds>(of).count());
}

launch prepare(const server_request& of) {
    std::string told;
    if (of.told.contains("keepalive_timeout") || of.told.contains("keepalive_hint")) {
        const auto& limit = of.policy.keepalive_timeout;
        told += fmt::format("keepalive_timeout {}", limit.is_never() ? "24d" : seconds(limit.value()));
        if (of.told.contains("keepalive_hint"))
            told += fmt::format(" {}", std::chrono::ceil<std::chrono::seconds>(of.policy.keepalive_hint).count());
        told += "; ";
    }
    launch out;
    out.arguments = {"-p", of.folder + "/", "-e", "stderr", "-c", of.folder + "/nginx.conf"};
    out.files = {{"nginx.conf", fmt::format(frame, of.folder, of.port, told)},
                 {"page.html", "<!doctype html><link rel=icon href=data:,><title>firstfin</title>it works\n"}};
    return out;
}

}  // namespace

server_subject nginx() {
    return {.id = "nginx",
            .name = "nginx",
            .profile = "nginx",
            .comes_from = {.programs = {"nginx"}, .packages = {"nginx-light"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_hint"},
            .prepare = prepare,
            .reload_signal = SIGHUP,
            .quit_signal = SIGQUIT};
}

}  // namespace firstfin::subjects
