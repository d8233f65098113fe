#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view program = R"(page = b'''{0}'''
headers = [(b'content-type', b'text/html'), (b'content-length', str(len(page)).encode())]

async def application(scope, receive, send):
    assert scope['type'] == 'http'
    await send({{'type': 'http.response.start', 'status': 200, 'headers': headers}})
    await send({{'type': 'http.response.body', 'body': b'' if scope['method'] == 'HEAD' else page}})
)";

launch prepare(const server_request& of) {
    launch out;
    out.arguments = {"--app-dir",  of.folder, "--host",      "0.0.0.0", "--port", fmt::format("{}", of.port),
                     "--lifespan", "off",     "--log-level", "warning"};
    if (is_told(of, "keepalive_timeout"))
        out.arguments.insert(out.arguments.end(),
                             {"--timeout-keep-alive", whole<std::chrono::seconds>(idle_limit(of), "uvicorn")});
    out.arguments.emplace_back("firstfin_page:application");
    out.environment = {{"PYTHONDONTWRITEBYTECODE", "1"}};
    out.files = {{"firstfin_page.py", fmt::format(program, page)}};
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
