#include <fmt/format.h>

#include <csignal>

#include "core/parse_error.hpp"
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

/// Its limits are unsigned shorts: it would cut larger ones silently.
constexpr std::uint32_t most = 65'535;

std::string told_lines(const server_request& of) {
    std::string out;
    const auto& [limit, count] = std::tie(of.policy.keepalive_timeout, of.policy.keepalive_requests);
    if (of.told.contains("keepalive_timeout") && !limit.is_never() && limit > time_limit(std::chrono::seconds(most)))
        throw bad_input(fmt::format("lighttpd counts to {0} s: server.keepalive_timeout = \"{1}\" cannot be set", most,
                                    to_text(limit)));
    if (of.told.contains("keepalive_requests") && count.value > most)
        throw bad_input(
            fmt::format("lighttpd counts to {}: server.keepalive_requests = {} cannot be set", most, to_text(count)));
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
            .prepare = prepare,
            .reload_signal = SIGUSR1,
            .quit_signal = SIGINT};
}

}  // namespace firstfin::subjects
