#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "core/parse_error.hpp"
#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view frame = R"(server.document-root = "{0}"
server.bind = "0.0.0.0"
server.port = {1}
server.upload-dirs = ( "{0}" )
server.modules += ( "mod_rewrite" )
url.rewrite-once = ( "" => "/page.html" )
mimetype.assign = ( "" => "text/html" )
{2})";

/// Its limits are unsigned shorts; a larger one would be cut silently.
constexpr std::uint32_t most = 65'535;

std::string idle_seconds(const server_request& of) {
    const auto limit = idle_limit(of, std::chrono::seconds(most));
    if (limit > std::chrono::seconds(most))
        throw bad_input(fmt::format("lighttpd cannot be told {}: at most {}s", to_text(limit), most));
    return whole<std::chrono::seconds>(limit, "lighttpd");
}

launch prepare(const server_request& of) {
    std::string told;
    if (is_told(of, "keepalive_timeout")) told += fmt::format("server.max-keep-alive-idle = {}\n", idle_seconds(of));
    if (is_told(of, "keepalive_requests")) {
        const auto limit = of.policy.keepalive_requests;
        told += fmt::format("server.max-keep-alive-requests = {}\n",
                            limit.is_unlimited() ? most : std::min(limit.value, most));
    }
    launch out;
    out.arguments = {"-D", "-f", of.folder + "/lighttpd.conf"};
    out.files = {{"lighttpd.conf", fmt::format(frame, of.folder, of.port, told)}, {"page.html", std::string(page)}};
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
