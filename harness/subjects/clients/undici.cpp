#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

/// Debian's Node 18 has its undici beside it.
constexpr std::string_view version =
    "`undici ${process.versions.undici ?? require('/usr/share/nodejs/undici/package.json').version}, "
    "Node ${process.version}`";

launch prepare(const client_request& of) {
    return running_script("node_fetch.js", of, script_arguments("undici", of, without_limit::impossible));
}

}  // namespace

client_subject undici() {
    return {
        .id = "undici",
        .name = "Node fetch (undici)",
        .profile = "undici",
        .comes_from = {.programs = {"node", "nodejs"}, .packages = {"nodejs"}, .version_arguments = {"-p", version}},
        .takes = {"idle_timeout"},
        .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
        .memory = 96 << 20,
        .prepare = prepare};
}

}  // namespace firstfin::subjects
