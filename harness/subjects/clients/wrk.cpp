#include <fmt/format.h>

#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

/// A load generator never idles of its own accord: a script makes it wait. It answers the server's close at once, with
/// its own and a new connection.
launch prepare(const client_request& of) {
    expect_plain_requests("wrk", of);
    const auto gap = std::chrono::ceil<std::chrono::milliseconds>(of.what.gap).count();
    auto out = running_script("wrk.lua", of,
                              {url(of), "--", fmt::format("{}", of.what.requests), fmt::format("{}", gap),
                               of.what.method, of.what.kind == scenario_kind::connection_close ? "close" : "keep"});
    const std::vector<std::string> load{"--threads", "1", "--connections", "1", "--duration", "24h", "--script"};
    out.arguments.insert(out.arguments.begin(), load.begin(), load.end());
    return out;
}

}  // namespace

client_subject wrk() {
    return {.id = "wrk",
            .name = "wrk",
            .profile = "wrk",
            .comes_from = {.programs = {"wrk"}, .packages = {"wrk"}, .version_arguments = {"-v"}},
            .takes = {},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .memory = 32 << 20,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
