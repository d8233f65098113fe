#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const client_request& of) {
    return running_script("aiohttp_client.py", of, script_arguments("aiohttp-client", of, without_limit::impossible));
}

}  // namespace

client_subject aiohttp_client() {
    return {.id = "aiohttp-client",
            .name = "Python aiohttp",
            .profile = "aiohttp-client",
            .comes_from = {.programs = {"/usr/bin/python3", "python3"},
                           .packages = {"python3-aiohttp"},
                           .version_arguments = {"-c", "import aiohttp; print(\"aiohttp\", aiohttp.__version__)"},
                           .probe = {"-c", "import aiohttp"}},
            .takes = {"idle_timeout"},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .memory = 64 << 20,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
