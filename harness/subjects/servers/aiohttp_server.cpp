#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/plain_requests.hpp"
#include "harness/subjects/scripts.hpp"
#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {of.folder + "/server.py", "--port", std::to_string(of.port)};
    if (of.told.contains("keepalive_timeout")) {
        const auto limit = milliseconds("aiohttp", "server.keepalive_timeout", of.policy.keepalive_timeout);
        out.arguments.insert(out.arguments.end(),
                             {"--keepalive-timeout", in_seconds(std::chrono::milliseconds(limit))});
    }
    out.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    out.files = {{"server.py", std::string(script("servers/scripts/aiohttp_server.py"))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject aiohttp_server() {
    return {.id = "aiohttp-server",
            .name = "Python aiohttp",
            .profile = "aiohttp-server",
            .comes_from = {.programs = {"/usr/bin/python3", "python3"},
                           .packages = {"python3-aiohttp"},
                           .version_arguments = {"-c", "import aiohttp; print('aiohttp', aiohttp.__version__)"},
                           .probe = {"-c", "import aiohttp"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects
