#include <fmt/format.h>

#include "harness/subjects/plain_requests.hpp"
#include "harness/subjects/scripts.hpp"

namespace firstfin::subjects {

namespace {

constexpr std::string_view source = "go_net_http.go";
constexpr std::string_view compiled = "go_net_http";

launch prepare(const client_request& of) {
    launch out;
    out.program = fmt::format("{}/{}", of.folder, compiled);
    out.arguments = script_arguments("go-net-http", of, without_limit::possible);
    return out;
}

/// Without modules, caches of the user's or a network. Whether cgo is used is left to Go: Debian's has the standard
/// library compiled with it (half a second; without, everything is compiled anew).
launch build(std::string_view folder) {
    launch out;
    out.arguments = {"build", "-o", fmt::format("{}/{}", folder, compiled), fmt::format("{}/{}", folder, source)};
    out.environment = {{"GO111MODULE", "off"},  {"GOCACHE", fmt::format("{}/cache", folder)}, {"GOENV", "off"},
                       {"GOFLAGS", ""},         {"GOPATH", fmt::format("{}/path", folder)},   {"GOTELEMETRY", "off"},
                       {"GOTOOLCHAIN", "local"}};
    out.files = {{std::string(source), std::string(script(fmt::format("clients/scripts/{}", source)))}};
    return out;
}

}  // namespace

client_subject go_net_http() {
    return {.id = "go-net-http",
            .name = "Go net/http",
            .profile = "go-net-http-default",
            .comes_from = {.programs = {"go"}, .packages = {"golang-go"}, .version_arguments = {"version"}},
            .takes = {"idle_timeout"},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .memory = 32 << 20,
            .prepare = prepare,
            .build = client_subject::build_step{.file = compiled, .prepare = build}};
}

}  // namespace firstfin::subjects
