#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/scripts.hpp"
#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {"--host",  "0.0.0.0",     "--port",  std::to_string(of.port), "--app-dir",
                     of.folder, "--log-level", "warning", "--no-access-log"};
    if (of.told.contains("keepalive_timeout"))
        out.arguments.insert(out.arguments.end(),
                             {"--timeout-keep-alive",
                              whole_seconds("uvicorn", "server.keepalive_timeout", of.policy.keepalive_timeout)});
    out.arguments.emplace_back("asgi_page:application");
    out.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    out.files = {{"asgi_page.py", std::string(script("servers/scripts/asgi_page.py"))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject uvicorn() {
    return {.id = "uvicorn",
            .name = "uvicorn",
            .profile = "uvicorn",
            .comes_from = {.programs = {"uvicorn"}, .packages = {"uvicorn"}, .version_arguments = {"--version"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects
