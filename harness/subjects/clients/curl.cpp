#include <fmt/format.h>

#include <array>
#include <optional>

#include "core/parse_error.hpp"
#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

using namespace std::chrono_literals;

/// As --rate takes it: so many starts a second, minute, hour or day. curl divides in whole milliseconds; the unit that
/// comes nearest is taken, and nothing further from the gap than a thousandth of it.
std::optional<std::string> rate_for(duration gap) {
    struct unit {
        duration length;
        char name;
    };
    std::optional<std::string> best;
    auto off_by = gap / 1000 + 1ms;
    for (const auto& [length, name] : {unit{1s, 's'}, unit{1min, 'm'}, unit{1h, 'h'}, unit{24h, 'd'}}) {
        const auto count = gap > 0s ? (length + gap / 2) / gap : 0;
        if (count == 0) continue;
        const auto distance = std::chrono::abs(std::chrono::floor<std::chrono::milliseconds>(length / count) - gap);
        if (distance >= off_by) continue;
        off_by = distance;
        best = fmt::format("{}/{}", count, name);
    }
    return best;
}

/// Brackets and braces would be read as ranges of URLs.
std::string literally(std::string_view path) {
    std::string out;
    for (const char c : path) {
        if (std::string_view("[]{}\\").find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

launch prepare(const client_request& of) {
    expect_plain_requests("curl", of);
    const bool cadence = of.what.kind == scenario_kind::cadence;
    if (!cadence && of.what.requests != 1)
        throw bad_input(
            "curl keeps its connection after one request alone: set scenario.requests to 1, or ask for a cadence");
    // A second transfer that is not due within the hour keeps the first one's connection in the pool.
    const auto rate = cadence ? rate_for(of.what.gap) : "1/h";
    if (!rate)
        throw bad_input(
            fmt::format("curl has no --rate for a request every {}; 1s, 20s or 5m would do", to_text(of.what.gap)));
    const auto transfers = cadence ? of.what.requests : 2;

    launch out;
    out.arguments = {"--disable", "--silent", "--show-error", "--noproxy", "*",
                     "--rate",    *rate,      "--output",     "/dev/null"};
    const auto add = [&out](auto... words) { (out.arguments.emplace_back(words), ...); };
    if (of.what.method == "HEAD")
        add("--head");
    else if (of.what.method != "GET")
        add("--request", of.what.method);
    if (of.what.kind == scenario_kind::connection_close) add("--header", "Connection: close");
    // Fragments stay at home: these are so many requests for the same thing.
    add(fmt::format("http://{}{}#[1-{}]", authority(of), literally(of.what.path), transfers));
    return out;
}

}  // namespace

client_subject curl() {
    return {.id = "curl",
            .name = "curl",
            .profile = "libcurl",
            .comes_from = {.programs = {"curl"}, .packages = {"curl"}, .version_arguments = {"--version"}},
            .takes = {},
            .plays = {scenario_kind::idle, scenario_kind::connection_close, scenario_kind::cadence},
            .memory = 32 << 20,
            .ends_by_itself = true,  // after a cadence's last request
            .prepare = prepare};
}

}  // namespace firstfin::subjects
