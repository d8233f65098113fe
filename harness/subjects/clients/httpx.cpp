#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const client_request& of) {
    return running_script("httpx_client.py", of, script_arguments("httpx", of, without_limit::possible));
}

}  // namespace

client_subject httpx() {
    return {
        .id = "httpx",
        .name = "Python httpx",
        .profile = "httpx",
        .comes_from =
            {.programs = {"/usr/bin/python3", "python3"},
             .packages = {"python3-httpx"},
             .version_arguments =
                 {"-c",
                  "import httpx, httpcore; print(\"httpx\", httpx.__version__, \"httpcore\", httpcore.__version__)"},
             .probe = {"-c", "import httpx"}},
        .takes = {"idle_timeout"},
        .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
        .memory = 64 << 20,
        .prepare = prepare};
}

}  // namespace firstfin::subjects
