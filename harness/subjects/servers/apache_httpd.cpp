#include <fmt/format.h>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

/// It refuses to serve as root, and has to be root to become nobody.
constexpr std::string_view frame = R"(ServerRoot {folder}
ServerName localhost
PidFile {folder}/apache.pid
DefaultRuntimeDir {folder}/tmp
ErrorLog /dev/stderr
LogLevel error
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule mime_module {modules}/mod_mime.so
User nobody
Group nogroup
Listen 0.0.0.0:{port}
DocumentRoot {folder}/page
TypesConfig /dev/null
AddType text/html .html
AliasMatch ".*" {folder}/page.html
<Directory {folder}>
    Require all granted
</Directory>
{told})";

constexpr std::string_view modules = "/usr/lib/apache2/modules";

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
    out.arguments = {"-D", "FOREGROUND", "-f", of.folder + "/apache.conf"};
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
            .comes_from = {.programs = {"apache2", "httpd"}, .packages = {"apache2-bin"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_requests"},
            .prepare = prepare};
}

}  // namespace firstfin::subjects
