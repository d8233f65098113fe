#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/scripts.hpp"
#include "harness/subjects/server_settings.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const server_request& of) {
    launch out;
    // Its synchronous workers keep no connection: threads do.
    out.arguments = {"--worker-class", "gthread", "--workers",        "1",
                     "--threads",      "16",      "--bind",           fmt::format("0.0.0.0:{}", of.port),
                     "--chdir",        of.folder, "--worker-tmp-dir", of.folder,
                     "--log-level",    "error"};
    if (of.told.contains("keepalive_timeout"))
        out.arguments.insert(out.arguments.end(), {"--keep-alive", whole_seconds("gunicorn", "server.keepalive_timeout",
                                                                                 of.policy.keepalive_timeout)});
    out.arguments.emplace_back("wsgi_page:application");
    out.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    out.files = {{"wsgi_page.py", std::string(script("servers/scripts/wsgi_page.py"))},
                 {"page.html", std::string(page())}};
    return out;
}

}  // namespace

server_subject gunicorn() {
    return {.id = "gunicorn",
            .name = "gunicorn (gthread)",
            .profile = "gunicorn-gthread",
            .comes_from = {.programs = {"gunicorn"}, .packages = {"gunicorn"}, .version_arguments = {"--version"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .reload_signal = SIGHUP,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects
