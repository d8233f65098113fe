#include <fmt/format.h>

#include "harness/subjects/scripts.hpp"
#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {of.folder + "/server.js", fmt::format("--port={}", of.port)};
    if (of.told.contains("keepalive_timeout")) {
        refuse_zero("Node http.Server", "\"never\"", of.policy.keepalive_timeout);
        out.arguments.push_back(
            fmt::format("--keep-alive-timeout={}",
                        // Zero milliseconds are its "never".
                        of.policy.keepalive_timeout.is_never()
                            ? 0
                            : milliseconds("Node", "server.keepalive_timeout", of.policy.keepalive_timeout)));
    }
    if (of.told.contains("keepalive_requests"))
        out.arguments.push_back(fmt::format("--max-requests={}", of.policy.keepalive_requests.is_unlimited()
                                                                     ? 0
                                                                     : requests("Node", of.policy.keepalive_requests)));
    out.files = {{"server.js", std::string(script("servers/scripts/node_http_server.js"))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject node_http_server() {
    return {.id = "node-http-server",
            .name = "Node http.Server",
            .profile = "node-http-server",
            .comes_from = {.programs = {"node", "nodejs"}, .packages = {"nodejs"}, .version_arguments = {"--version"}},
            .takes = {"keepalive_timeout", "keepalive_requests"},
            .prepare = prepare};
}

}  // namespace firstfin::subjects
