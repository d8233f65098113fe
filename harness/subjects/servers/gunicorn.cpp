#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view program = R"(page = b'''{0}'''

def application(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/html'), ('Content-Length', str(len(page)))])
    return [] if environ['REQUEST_METHOD'] == 'HEAD' else [page]
)";

launch prepare(const server_request& of) {
    launch out;
    // The worker with threads: the default one, sync, keeps no connection.
    out.arguments = {"--chdir",     of.folder, "--bind",           fmt::format("0.0.0.0:{}", of.port),
                     "--workers",   "1",       "--worker-class",   "gthread",
                     "--threads",   "8",       "--worker-tmp-dir", of.folder,
                     "--log-level", "warning"};
    if (is_told(of, "keepalive_timeout"))
        out.arguments.insert(out.arguments.end(),
                             {"--keep-alive", whole<std::chrono::seconds>(idle_limit(of), "gunicorn")});
    out.arguments.emplace_back("firstfin_page:application");
    out.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    out.files = {{"firstfin_page.py", fmt::format(program, page)}};
    return out;
}

}  // namespace

server_subject gunicorn() {
    return {.id = "gunicorn",
            .name = "gunicorn, threaded worker",
            .profile = "gunicorn-gthread",
            .comes_from = {.programs = {"gunicorn"}, .packages = {"gunicorn"}, .version_arguments = {"--version"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .reload_signal = SIGHUP,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects
