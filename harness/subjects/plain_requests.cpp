#include "harness/subjects/plain_requests.hpp"

#include <fmt/format.h>

#include "core/parse_error.hpp"
#include "harness/subjects/scripts.hpp"

namespace firstfin::subjects {

std::string url(const client_request& of) {
    return fmt::format("http://{}{}", authority(of), of.what.path);
}

std::string in_seconds(duration value) {
    auto out = fmt::format("{}.{:09}", value.count() / 1'000'000'000, value.count() % 1'000'000'000);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.ends_with('.')) out.pop_back();
    return out;
}

void expect_plain_requests(std::string_view program, const client_request& of) {
    if (of.what.requests == 0)
        throw bad_input(fmt::format("{} cannot connect and stay silent: set scenario.requests to 1 or more", program));
    if (of.what.jitter != duration::zero())
        throw bad_input(fmt::format("{} has no scenario.jitter: only the built-in client draws its gaps", program));
}

void expect_one_get(std::string_view program, const client_request& of) {
    expect_plain_requests(program, of);
    if (of.what.requests != 1)
        throw bad_input(
            fmt::format("{} makes one request here: set scenario.requests to 1 (it is {})", program, of.what.requests));
    if (of.what.method != "GET")
        throw bad_input(fmt::format("{} asks with GET alone here, not with {}", program, of.what.method));
}

std::string told_idle_timeout(std::string_view program, const client_request& of, without_limit never) {
    if (!of.told.contains("idle_timeout")) return {};
    const auto limit = of.policy.idle_timeout;
    if (!limit.is_never()) return in_seconds(limit.value());
    if (never == without_limit::possible) return "never";
    throw bad_input(fmt::format("{} cannot be told client.idle_timeout = \"never\": say how long", program));
}

std::vector<std::string> script_arguments(std::string_view program, const client_request& of, without_limit never) {
    expect_plain_requests(program, of);
    std::vector<std::string> out{fmt::format("--requests={}", of.what.requests),
                                 fmt::format("--gap={}", in_seconds(of.what.gap)),
                                 fmt::format("--method={}", of.what.method)};
    if (const auto limit = told_idle_timeout(program, of, never); !limit.empty())
        out.push_back("--idle-timeout=" + limit);
    if (of.what.kind == scenario_kind::connection_close) out.emplace_back("--last-says-close");
    out.push_back(url(of));
    return out;
}

launch running_script(std::string_view file, const client_request& of, std::vector<std::string> arguments) {
    launch out;
    out.arguments = std::move(arguments);
    out.arguments.insert(out.arguments.begin(), fmt::format("{}/{}", of.folder, file));
    out.files = {{std::string(file), std::string(script(fmt::format("clients/scripts/{}", file)))}};
    return out;
}

}  // namespace firstfin::subjects
