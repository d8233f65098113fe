#include "harness/profile_check/questions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "harness/subjects/registry.hpp"

namespace firstfin::profile_check {

namespace {

template <class Subject>
std::optional<std::string_view> find(std::span<const Subject> all, std::string_view profile) {
    const auto found = std::ranges::find(all, profile, &Subject::profile);
    return found == all.end() ? std::nullopt : std::optional(found->id);
}

}  // namespace

std::optional<std::string_view> subject_of(const profile& claimed) {
    if (claimed.server) return find(subjects::all_servers(), claimed.id);
    return find(subjects::all_clients(), claimed.id);
}

duration observed(const profile& claimed) {
    if (claimed.server) return std::chrono::seconds(5);
    const auto& policy = *claimed.client;
    if (policy.mode == close_mode::timer) return std::chrono::seconds(5);
    // Nobody should close by then: longer than the limit that a lazy pool has.
    if (policy.mode == close_mode::lazy && !policy.idle_timeout.is_never())
        return policy.idle_timeout.value() + std::chrono::seconds(5);
    return watched;
}

experiment::experiment questions(const profile& claimed, std::string_view subject, std::uint32_t replicates) {
    const std::string where = "profiles check: ";
    experiment::experiment out;
    out.name = "check-" + claimed.id;
    out.title = fmt::format("Is it as the profile {} says?", claimed.id);
    out.text = fmt::format("# firstfin profiles check {}\n", claimed.id);
    out.replicates = replicates;
    out.observe = observed(claimed);
    if (claimed.server) {
        out.base = {{"server.subject", std::string(subject), where}, {"client.close_mode", "never", where}};
        if (claimed.needs_timeout) out.base.push_back({"server.keepalive_timeout", to_text(told_limit), where});
        return out;
    }
    out.base = {{"client.subject", std::string(subject), where}};
    out.sweep = {{{"server.keepalive_timeout", {"never", "never", to_text(short_limit)}, where},
                  {"server.keepalive_hint", {"0s", to_text(hint), "0s"}, where}}};
    return out;
}

}  // namespace firstfin::profile_check
