#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const client_request& of) {
    return running_script("python_requests.py", of, script_arguments("python-requests", of, without_limit::impossible));
}

}  // namespace

client_subject python_requests() {
    return {.id = "python-requests",
            .name = "Python requests",
            .profile = "python-requests",
            .comes_from = {.programs = {"/usr/bin/python3", "python3"},
                           .packages = {"python3-requests"},
                           .version_arguments = {"-c",
                                                 "import requests, urllib3; print(\"requests\", requests.__version__, "
                                                 "\"urllib3\", urllib3.__version__)"},
                           .probe = {"-c", "import requests"}},
            .takes = {},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .memory = 64 << 20,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
