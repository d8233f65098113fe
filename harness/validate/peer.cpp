#include "harness/validate/peer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace firstfin::validate {

namespace {

/// Several profiles under one name.
struct group {
    std::string_view name;
    std::vector<std::string_view> members;
};

const std::array<group, 3>& client_groups() {
    static const std::array<group, 3> all{
        group{"browsers", {"firefox", "chromium", "webkitgtk"}},
        group{"aws", {"aws-alb", "aws-clb", "aws-nlb", "aws-cloudfront"}},
        group{"gcp", {"gcp-global-alb", "gcp-regional-alb"}},
    };
    return all;
}

std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto end = text.find(at);
        out.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return out;
        text.remove_prefix(end + 1);
    }
}

/// Short words for what is said most often; every other setting goes by its own name.
std::string_view full_name(std::string_view key, std::string_view of_idle) {
    if (key == "idle") return of_idle;
    if (key == "mode") return "close_mode";
    if (key == "window") return "close_window";
    return key;
}

template <class Policy>
void set(Policy& into, std::string_view key, std::string_view value, std::string_view whole,
         std::string_view idle_name) {
    const auto name = full_name(key, idle_name);
    std::vector<std::string_view> known;
    for (const auto& one : fields_of(into)) {
        known.push_back(one.name);
        if (one.name != name) continue;
        if (const auto error = one.read(into, value))
            throw bad_input(fmt::format("{}: {}: {}", whole, key, error->message));
        return;
    }
    known.insert(known.end(), {"idle", "mode", "window"});
    const auto near = nearest_name(key, known);
    throw bad_input(fmt::format(
        "{}: a policy has no '{}'; {}", whole, key,
        near.empty() ? fmt::format("it has {}", fmt::join(known, ", ")) : fmt::format("did you mean '{}'?", near)));
}

/// "idle=30s,mode=timer". Whoever writes one down knows it: no profile's confidence limits it.
template <class Policy>
peer inline_peer(std::string_view text, Policy policy, std::string_view idle_name) {
    bool has_mode = false;
    bool has_idle = false;
    for (const auto part : split(text, ',')) {
        const auto equals = part.find('=');
        if (equals == std::string_view::npos)
            throw bad_input(fmt::format("{}: expected setting=value, separated by commas; '{}' is none", text, part));
        const auto key = part.substr(0, equals);
        has_mode |= key == "mode" || key == "close_mode";
        has_idle |= key == "idle" || key == idle_name;
        set(policy, key, part.substr(equals + 1), text, idle_name);
    }
    if (!has_idle) throw bad_input(fmt::format("{}: a policy needs its idle limit: idle=30s, or idle=never", text));
    peer out{std::string(text), {}};
    out.what.id = out.what.name = text;
    out.what.confidence = "as given";
    if constexpr (std::is_same_v<Policy, client_policy>) {
        if (policy.idle_timeout.is_never() && !has_mode) policy.mode = close_mode::never;
        out.what.role = profile_role::client;
        out.what.client = policy;
        out.what.retry_is_known = true;
    } else {
        out.what.role = profile_role::server;
        out.what.server = policy;
    }
    return out;
}

client_policy silent_client() {
    client_policy out;
    out.idle_timeout = time_limit::never();
    return out;
}

server_policy silent_server() {
    server_policy out;
    out.keepalive_timeout = time_limit::never();
    out.keepalive_requests = count_limit::unlimited();
    out.keepalive_time = time_limit::never();
    return out;
}

/// A balancer on layer 4 stands between, whichever way it is asked for: the catalogue has it once.
const profile* layer4_named(std::string_view text, const catalogue& profiles) {
    const auto found =
        std::ranges::find_if(profiles.all(), [&](const profile& one) { return one.layer == 4 && one.id == text; });
    return found == profiles.all().end() ? nullptr : &*found;
}

}  // namespace

std::vector<peer> clients_named(std::string_view text, const catalogue& profiles) {
    if (text.find('=') != std::string_view::npos) return {inline_peer(text, silent_client(), "idle_timeout")};
    std::vector<peer> out;
    for (const auto& one : client_groups())
        if (one.name == text)
            for (const auto member : one.members)
                out.push_back({std::string(member), profiles.client(member)});
    if (out.empty()) out.push_back({std::string(text), profiles.client(text)});
    return out;
}

std::vector<peer> backends_named(std::string_view text, const catalogue& profiles) {
    if (text.find('=') != std::string_view::npos) return {inline_peer(text, silent_server(), "keepalive_timeout")};
    if (const auto* balancer = layer4_named(text, profiles)) return {{std::string(text), *balancer}};
    return {{std::string(text), profiles.server(text)}};
}

}  // namespace firstfin::validate
