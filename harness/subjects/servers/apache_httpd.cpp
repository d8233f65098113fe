#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

/// Of Debian, as is the folder of its modules.
constexpr std::string_view program = "/usr/sbin/apache2";
constexpr std::string_view modules = "/usr/lib/apache2/modules";

/// Standard error cannot always be opened a second time by its name: cat is handed it instead. mod_reqtimeout is in the
/// configuration that httpd ships, and bounds connections without a request.
constexpr std::string_view frame = R"(ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}/tmp
ErrorLog "|$exec cat >&2"
LogLevel error
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule mime_module {modules}/mod_mime.so
LoadModule reqtimeout_module {modules}/mod_reqtimeout.so
Listen 0.0.0.0:{port}
DocumentRoot {folder}/page
TypesConfig /dev/null
AddType text/html .html
AliasMatch ".*" {folder}/page.html
<Directory {folder}>
    Require all granted
</Directory>
{told})";

std::string told_lines(const server_request& of) {
    std::string out;
    const auto& limit = of.policy.keepalive_timeout;
    if (of.told.contains("keepalive_timeout")) {
        if (limit.is_zero())
            out += "KeepAlive Off\n";
        else
            out +=
                fmt::format("KeepAliveTimeout {}ms\n", milliseconds("Apache httpd", "server.keepalive_timeout", limit));
    }
    if (of.told.contains("keepalive_requests"))
        out += fmt::format("MaxKeepAliveRequests {}\n", of.policy.keepalive_requests.is_unlimited()
                                                            ? 0
                                                            : requests("Apache httpd", of.policy.keepalive_requests));
    return out;
}

launch prepare(const server_request& of) {
    launch out;
    // It refuses to serve as root, and a user namespace has no other user to become. In one of its own, where whoever
    // starts it is called 1000, it is not root and changes nothing.
    out.program = "/usr/bin/unshare";
    out.arguments = {"--user", "--map-user=1000",         "--map-group=1000", std::string(program), "-D", "FOREGROUND",
                     "-f",     of.folder + "/apache.conf"};
    out.files = {{"apache.conf", fmt::format(frame, fmt::arg("folder", of.folder), fmt::arg("port", of.port),
                                             fmt::arg("modules", modules), fmt::arg("told", told_lines(of)))},
                 {"page.html", std::string(page())}};
    out.folders = {"page"};
    return out;
}

}  // namespace

server_subject apache_httpd() {
    return {.id = "apache-httpd",
            .name = "Apache httpd (event MPM)",
            .profile = "apache-httpd",
            .comes_from = {.programs = {program}, .packages = {"apache2-bin"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_requests"},
            .prepare = prepare,
            .reload_signal = SIGUSR1,
            .quit_signal = SIGWINCH};
}

}  // namespace firstfin::subjects
