#include <fmt/format.h>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view program = R"(const page = `{2}`;
const server = require('http').createServer((request, response) => {{
  request.resume();
  response.writeHead(200, {{ 'Content-Type': 'text/html', 'Content-Length': Buffer.byteLength(page) }});
  response.end(request.method === 'HEAD' ? undefined : page);
}});
{1}server.listen({0}, '0.0.0.0');
)";

launch prepare(const server_request& of) {
    std::string told;
    if (is_told(of, "keepalive_timeout")) {
        const auto limit = idle_limit(of, {});
        if (!of.policy.keepalive_timeout.is_never()) refuse_zero(limit, "Node http.Server", "\"never\"");
        told +=
            fmt::format("server.keepAliveTimeout = {};\n", whole<std::chrono::milliseconds>(limit, "Node http.Server"));
    }
    if (is_told(of, "keepalive_requests"))
        told += fmt::format("server.maxRequestsPerSocket = {};\n", of.policy.keepalive_requests.value);
    launch out;
    out.arguments = {of.folder + "/server.js"};
    out.files = {{"server.js", fmt::format(program, of.port, told, page)}};
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
