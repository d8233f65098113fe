#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

/// Of Debian, whose folder of modules is written below too.
constexpr std::string_view program = "/usr/sbin/apache2";

/// Standard error cannot always be opened a second time by its name: cat is handed it instead. mod_reqtimeout is in the
/// configuration that httpd ships, and bounds connections without a request.
constexpr std::string_view frame = R"(ServerRoot {0}
DefaultRuntimeDir {0}
PidFile {0}/apache.pid
ErrorLog "|$exec cat >&2"
ServerName firstfin
Listen 0.0.0.0:{1}
LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
LoadModule alias_module /usr/lib/apache2/modules/mod_alias.so
LoadModule reqtimeout_module /usr/lib/apache2/modules/mod_reqtimeout.so
DocumentRoot {0}
AliasMatch "^" {0}/page.html
<Directory {0}>
    Require all granted
    ForceType text/html
</Directory>
{2})";

launch prepare(const server_request& of) {
    std::string told;
    if (is_told(of, "keepalive_timeout"))
        told +=
            fmt::format("KeepAliveTimeout {}ms\n", whole<std::chrono::milliseconds>(idle_limit(of), "Apache httpd"));
    if (is_told(of, "keepalive_requests"))
        told += fmt::format("MaxKeepAliveRequests {}\n", of.policy.keepalive_requests.value);  // 0: unlimited too
    launch out;
    // Apache refuses to serve as root, and a sandbox may have no other user. In a user namespace of its own, where the
    // user that starts it is called 1000, it is not root and changes nothing.
    out.program = "/usr/bin/unshare";
    out.arguments = {"--user", "--map-user=1000",        "--map-group=1000", std::string(program), "-D", "FOREGROUND",
                     "-f",     of.folder + "/httpd.conf"};
    out.files = {{"httpd.conf", fmt::format(frame, of.folder, of.port, told)}, {"page.html", std::string(page)}};
    return out;
}

}  // namespace

server_subject apache_httpd() {
    return {.id = "apache-httpd",
            .name = "Apache httpd",
            .profile = "apache-httpd",
            .comes_from = {.programs = {program}, .packages = {"apache2-bin"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_requests"},
            .prepare = prepare,
            .reload_signal = SIGUSR1,
            .quit_signal = SIGWINCH};
}

}  // namespace firstfin::subjects
