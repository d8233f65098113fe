#include <fmt/format.h>

#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view frame = R"(server.port = {port}
server.bind = "0.0.0.0"
server.document-root = "{folder}"
server.pid-file = "{folder}/lighttpd.pid"
server.upload-dirs = ( "{folder}/tmp" )
server.modules = ( "mod_rewrite" )
mimetype.assign = ( ".html" => "text/html" )
url.rewrite-once = ( "" => "/page.html" )
{told})";

std::string told_lines(const server_request& of) {
    std::string out;
    if (of.told.contains("keepalive_timeout"))
        out += fmt::format("server.max-keep-alive-idle = {}\n",
                           whole_seconds("lighttpd", "server.keepalive_timeout", of.policy.keepalive_timeout));
    if (of.told.contains("keepalive_requests"))
        out += fmt::format("server.max-keep-alive-requests = {}\n", requests("lighttpd", of.policy.keepalive_requests));
    return out;
}

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {"-D", "-f", of.folder + "/lighttpd.conf"};
    out.files = {{"lighttpd.conf", fmt::format(frame, fmt::arg("folder", of.folder), fmt::arg("port", of.port),
                                               fmt::arg("told", told_lines(of)))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject lighttpd() {
    return {.id = "lighttpd",
            .name = "lighttpd",
            .profile = "lighttpd",
            .comes_from = {.programs = {"lighttpd"}, .packages = {"lighttpd"}, .version_arguments = {"-v"}},
            .takes = {"keepalive_timeout", "keepalive_requests"},
            .prepare = prepare};
}

}  // namespace firstfin::subjects
