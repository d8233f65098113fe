#include "harness/bench/run/servers.hpp"

#include <fmt/format.h>

#include <limits>

#include "harness/subjects/find_program.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::bench {

namespace {

run::program_order builtin_order(const std::string& path, const endpoint& where) {
    run::program_order out;
    out.name = "firstfin-server";
    out.path = path;
    out.what.arguments = {"--listen", to_text(where), "--quiet", "--keepalive-requests", "unlimited"};
    out.in_scratch = false;
    return out;
}

run::program_order nginx_order(const endpoint& where) {
    const auto& subject = subjects::find_server("nginx");
    subjects::server_request asked;
    asked.folder = sandbox::scratch_folder::path();
    asked.port = where.port();
    // nginx knows no "unlimited": the load side decides when a connection has carried enough.
    asked.policy.keepalive_requests = {std::numeric_limits<std::int32_t>::max()};
    asked.told = {"keepalive_requests"};
    run::program_order out;
    out.name = subject.id;
    out.what = subject.prepare(asked);
    if (auto found = subjects::find_program(subject.comes_from))
        out.path = *std::move(found);
    else
        throw environment_lacks(fmt::format("nginx is not here: {}", subjects::remedy(subject.comes_from)));
    return out;
}

}  // namespace

run::program_order server_order(target_kind which, const std::string& builtin, const endpoint& where) {
    return which == target_kind::nginx ? nginx_order(where) : builtin_order(builtin, where);
}

}  // namespace firstfin::bench
