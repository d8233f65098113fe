#include <fmt/format.h>

#include <csignal>

#include "harness/subjects/told_values.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view program = R"(from aiohttp import web

async def answer(request):
    return web.Response(text='''{2}''', content_type='text/html')

app = web.Application()
app.router.add_route('*', '/{{path:.*}}', answer)
web.run_app(app, host='0.0.0.0', port={0}, print=None, access_log=None{1})
)";

launch prepare(const server_request& of) {
    std::string told;
    if (is_told(of, "keepalive_timeout")) told = ", keepalive_timeout=" + decimal_seconds(idle_limit(of));
    launch out;
    out.arguments = {"-B", of.folder + "/server.py"};
    out.files = {{"server.py", fmt::format(program, of.port, told, page)}};
    return out;
}

}  // namespace

server_subject aiohttp_server() {
    return {.id = "aiohttp-server",
            .name = "aiohttp web server",
            .profile = "aiohttp-server",
            // Debian's modules are those of Debian's Python, whatever else comes first in PATH.
            .comes_from = {.programs = {"/usr/bin/python3"},
                           .packages = {"python3-aiohttp"},
                           .version_arguments = {"-c",
                                                 "import aiohttp, sys; print('aiohttp', aiohttp.__version__, "
                                                 "'on Python', sys.version.split()[0])"},
                           .probe = {"-c", "import aiohttp"}},
            .takes = {"keepalive_timeout"},
            .prepare = prepare,
            .quit_signal = SIGTERM};
}

}  // namespace firstfin::subjects
