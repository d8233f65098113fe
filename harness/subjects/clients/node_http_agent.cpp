#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

launch prepare(const client_request& of) {
    return running_script("node_http_agent.js", of, script_arguments("node-http-agent", of, without_limit::possible));
}

}  // namespace

client_subject node_http_agent() {
    return {.id = "node-http-agent",
            .name = "Node http.Agent",
            .profile = "node-http-agent",
            .comes_from = {.programs = {"node", "nodejs"}, .packages = {"nodejs"}, .version_arguments = {"--version"}},
            .takes = {"idle_timeout"},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .memory = 96 << 20,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
