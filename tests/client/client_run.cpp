#include "tests/client/client_run.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include "client/trial_runner.hpp"

namespace firstfin::testing {

std::vector<role::event> client_run::of(role::event_kind kind, std::uint64_t trial) const {
    std::vector<role::event> out;
    for (const auto& each : events)
        if (each.kind == kind && each.trial == trial) out.push_back(each);
    return out;
}

role::event client_run::only(role::event_kind kind, std::uint64_t trial) const {
    const auto found = of(kind, trial);
    EXPECT_EQ(found.size(), 1U) << to_text(kind) << " in: " << names(trial);
    return found.empty() ? role::event{} : found.front();
}

std::string client_run::names(std::uint64_t trial) const {
    std::string out;
    for (const auto& each : events)
        if (each.trial == trial) out.append(out.empty() ? "" : " ").append(to_text(each.kind));
    return out;
}

time_point client_run::last_byte(std::uint64_t trial) const {
    const auto responses = of(role::event_kind::response_received, trial);
    return responses.empty() ? only(role::event_kind::connected, trial).at : responses.back().at;
}

duration client_run::idle_at_close(std::uint64_t trial) const {
    return only(role::event_kind::close, trial).at - last_byte(trial);
}

role::client_order one_trial(const endpoint& server, const client_policy& policy, const scenario& what) {
    role::client_order out;
    out.policies = {policy};
    out.scenarios = {what};
    role::client_order::trial only;
    only.trial = 1;
    only.server = server;
    only.seed = 7;
    out.trials = {only};
    return out;
}

client_run play(const role::client_order& order, const std::function<bool(const role::event&)>& until,
                duration patience) {
    client_run out;
    boost::asio::io_context loop{1};
    auto busy = boost::asio::make_work_guard(loop);  // a connection that waits for nothing is no reason to leave
    bool enough = false;
    client::trial_runner runner(loop, order, {}, [&](const role::event& said) {
        out.events.push_back(said);
        if (until && until(said)) enough = true;
    });
    out.ready = steady::now();
    runner.start(out.ready, [&] { out.all_over = true; });
    for (const auto give_up = steady::now() + patience; !out.all_over && !enough && steady::now() < give_up;)
        loop.run_one_for(10ms);
    const bool by_itself = out.all_over;
    runner.stop();
    busy.reset();
    // Whatever is still queued must come to nothing, not to grief.
    loop.restart();
    loop.run_for(5s);
    EXPECT_TRUE(loop.stopped()) << "something keeps the loop busy after the end";
    out.all_over = by_itself;
    return out;
}

client_policy closing_after(time_limit idle) {
    client_policy out;
    out.idle_timeout = idle;
    return out;
}

client_policy never_closing() {
    client_policy out;
    out.idle_timeout = time_limit::never();
    out.mode = close_mode::never;
    return out;
}

scenario asking(std::uint32_t requests, duration gap) {
    return playing(scenario_kind::idle, requests, gap);
}

scenario playing(scenario_kind kind, std::uint32_t requests, duration gap) {
    scenario out;
    out.kind = kind;
    out.requests = requests;
    out.gap = gap;
    return out;
}

}  // namespace firstfin::testing
