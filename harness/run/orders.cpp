#include "harness/run/orders.hpp"

#include <algorithm>
#include <unordered_map>

namespace firstfin::run {

namespace {

/// Linux's default range holds 28,232 ports (32768 to 60999).
constexpr std::uint32_t trials_per_address = 28'000;

/// Numbers distinct values in order of appearance. Candidates are found by a key that rarely coincides.
template <class Value>
class numbering {
public:
    std::uint32_t number_of(const Value& value, std::int64_t key) {
        const auto [first, last] = by_key_.equal_range(key);
        for (auto at = first; at != last; ++at)
            if (values_[at->second] == value) return at->second;
        const auto number = static_cast<std::uint32_t>(values_.size());
        values_.push_back(value);
        by_key_.emplace(key, number);
        return number;
    }
    std::vector<Value>& values() { return values_; }

private:
    std::vector<Value> values_;
    std::unordered_multimap<std::int64_t, std::uint32_t> by_key_;
};

server_policy drawn(server_policy policy, double share) {
    if (policy.close_window) policy.keepalive_timeout = policy.close_window->at(share);
    policy.close_window.reset();
    return policy;
}

numbering<server_policy> number_servers(const std::vector<assigned_trial>& trials,
                                        std::vector<std::uint32_t>& of_trial) {
    numbering<server_policy> distinct;
    for (const auto& one : trials) {
        const auto policy = drawn(one.cell->scaled.server, one.draws.server_window);
        of_trial.push_back(distinct.number_of(policy, policy.keepalive_timeout.value().count()));
    }
    return distinct;
}

}  // namespace

server_assignment assign_servers(const std::vector<assigned_trial>& trials, const address& server) {
    server_assignment out;
    auto distinct = number_servers(trials, out.listener_of_trial);
    for (std::size_t number = 0; number < distinct.values().size(); ++number)
        out.order.listeners.push_back({std::to_string(number), server, distinct.values()[number]});
    return out;
}

role::client_order make_client_order(const std::vector<assigned_trial>& trials, const server_assignment& servers,
                                     const std::vector<std::uint16_t>& ports, const address& server,
                                     const std::vector<address>& sources, double time_scale) {
    role::client_order out;
    out.time_scale = time_scale;
    numbering<client_policy> policies;
    numbering<scenario> scenarios;
    std::vector<std::uint32_t> on_listener(ports.size());
    for (std::size_t at = 0; at < trials.size(); ++at) {
        const auto& one = trials[at];
        const auto listener = servers.listener_of_trial[at];
        const auto& settings = one.cell->scaled;
        role::client_order::trial trial;
        trial.trial = one.key;
        trial.policy = policies.number_of(settings.client, settings.client.idle_timeout.value().count());
        trial.scenario = scenarios.number_of(settings.scenario, settings.scenario.gap.count());
        trial.server = endpoint(server, ports[listener]);
        if (!sources.empty())
            trial.source =
                sources[std::min<std::size_t>(on_listener[listener]++ / trials_per_address, sources.size() - 1)];
        trial.window_share = one.draws.client_window;
        trial.seed = one.draws.jitter_seed;
        out.trials.push_back(std::move(trial));
    }
    out.policies = std::move(policies.values());
    out.scenarios = std::move(scenarios.values());
    return out;
}

unsigned client_addresses_needed(const std::vector<assigned_trial>& trials) {
    std::vector<std::uint32_t> of_trial;
    auto distinct = number_servers(trials, of_trial);
    std::vector<std::uint32_t> count(distinct.values().size());
    for (const auto listener : of_trial)
        ++count[listener];
    const auto most = count.empty() ? 0U : *std::ranges::max_element(count);
    return std::max(1U, (most + trials_per_address - 1) / trials_per_address);
}

}  // namespace firstfin::run
