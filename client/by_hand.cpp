#include "client/by_hand.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdio>
#include <optional>

#include "client/session.hpp"
#include "client/splitmix64.hpp"
#include "client/story.hpp"
#include "core/descriptor_limit.hpp"
#include "core/event_writer.hpp"

namespace firstfin::client {

namespace {

/// The resolver's order; with a source, its family only.
std::vector<endpoint> servers_of(const by_hand_order& asked) {
    auto found = resolve(asked.where);
    if (asked.source.is_unspecified()) return found;
    std::erase_if(found, [&](const auto& each) { return each.address().is_v6() != asked.source.is_v6(); });
    if (found.empty())
        throw bad_input(
            fmt::format("'{}' has no address of the family of {}", asked.where.host, asked.source.to_string()));
    return found;
}

role::client_order order_of(const by_hand_order& asked, const endpoint& server) {
    role::client_order order;
    order.policies = {asked.policy};
    order.scenarios = {asked.scenario};
    order.trials.reserve(asked.connections);
    splitmix64 draw(asked.seed);
    role::client_order::trial trial;
    trial.server = server;
    trial.source = asked.source;
    for (std::uint32_t number = 1; number <= asked.connections; ++number) {
        trial.trial = number;
        trial.window_share = draw.share();
        trial.seed = draw.next();
        order.trials.push_back(trial);
    }
    return order;
}

void need_descriptors(std::uint32_t connections) {
    constexpr std::uint64_t others = 16;  // standard streams, the loop's own
    const auto limit = raise_descriptor_limit();
    if (connections + others > limit)
        throw environment_lacks(fmt::format(
            "{} connections need {} descriptors and the hard limit here is {}: raise it (ulimit -Hn) or ask for fewer",
            connections, connections + others, limit));
}

void print(const std::vector<std::string>& lines) {
    for (const auto& line : lines)
        fmt::print("{}\n", line);
    std::fflush(stdout);
}

std::string plan_in_words(const by_hand_order& asked, const endpoint& server) {
    const auto settings = [](const auto& now, const auto& usual) {
        std::vector<std::string> out;
        for (const auto& each : fields_of(now))
            if (each.write(now) != each.write(usual)) out.push_back(fmt::format("{} {}", each.name, each.write(now)));
        return out;
    };
    auto policy = settings(asked.policy, client_policy{});
    if (policy.empty() || !policy.front().starts_with("idle_timeout"))
        policy.insert(policy.begin(), "idle_timeout " + to_text(asked.policy.idle_timeout));
    auto what = asked.scenario;
    what.raw.clear();
    scenario usual;
    usual.kind = what.kind == scenario_kind::idle ? scenario_kind::raw : scenario_kind::idle;  // always shown
    usual.requests = what.requests + 1;
    return fmt::format("{} connection{} to {}; policy: {}; scenario: {}", asked.connections,
                       asked.connections == 1 ? "" : "s", to_text(server), fmt::join(policy, ", "),
                       fmt::join(settings(what, usual), ", "));
}

}  // namespace

int run_by_hand(const by_hand_order& asked) {
    need_descriptors(asked.connections);
    const auto servers = servers_of(asked);
    boost::asio::io_context loop{1};
    std::optional<role::event_writer> events;
    if (asked.events_as_json)
        events.emplace(loop, STDOUT_FILENO);
    else
        print({plan_in_words(asked, servers.front())});

    story_teller stories(asked.policy.close_style);
    const auto tell = [&](const role::event& said) {
        stories.add(said);
        const auto finished = stories.finished();
        if (events)
            events->write(said);
        else if (!finished.empty())
            print(finished);
    };
    trial_runner runner(loop, order_of(asked, servers.front()), asked.where.authority, tell);
    const auto how = run_session(loop, runner, steady::now(), [] {});
    if (!events) print(stories.rest());
    if (how != session_end::all_over) return 4;
    if (!stories.any_connect_failed()) return 0;
    if (servers.size() > 1)
        fmt::print(stderr, "{} was tried at {}; it also has {}: put the address into the URL to try another\n",
                   asked.where.host, to_text(servers.front()), to_text(servers.back()));
    return 1;
}

}  // namespace firstfin::client
