#include "harness/predict/forecast.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firstfin::predict {

namespace {

using model::closer;

std::optional<time_window> client_window(const experiment::settings& of) {
    return idle_close_window(of.client, std::chrono::ceil<std::chrono::seconds>(of.server.keepalive_hint));
}

/// Measurements hold for the limit they were made with, and without a hint that changes it.
std::optional<share> share_of(const experiment::settings& sides, const profile& client) {
    const auto server = idle_close_window(sides.server);
    const bool applies = client.client->idle_timeout == sides.client.idle_timeout &&
                         client.client->close_window == sides.client.close_window &&
                         client_window(sides) == idle_close_window(sides.client, duration::zero());
    const bool idles = sides.scenario.kind == scenario_kind::idle && sides.scenario.requests != 0 && !sides.link_delay;
    if (client.measured_closes.empty() || !server || !applies || !idles) return std::nullopt;
    share out{0, client.measured_closes.size(), client.measured_conditions};
    out.client_first = static_cast<std::size_t>(
        std::ranges::count_if(client.measured_closes, [&](duration one) { return one < server->earliest; }));
    return out;
}

std::string lost_requests(const experiment::settings& sides, const model::prediction& outcome) {
    if (outcome.first == closer::client) return "none by idle closes: the side that sends requests gives up first";
    if (outcome.first == closer::nobody) return "none: nobody closes";
    if (outcome.moment && outcome.moment->latest == duration::zero())
        return "none: the response said close, so nobody uses the connection again";
    const auto server = idle_close_window(sides.server);
    const auto limit =
        effective_idle_timeout(sides.client, std::chrono::ceil<std::chrono::seconds>(sides.server.keepalive_hint));
    if (sides.client.mode == close_mode::lazy && server && !limit.is_never() && limit.value() < server->earliest)
        return fmt::format("none by idle closes: the client reuses no connection that is older than {}",
                           to_text(limit));
    const auto* retries = sides.client.retry == retry_rule::all ? "it sends any request again"
                          : sides.client.retry == retry_rule::idempotent
                              ? "it sends idempotent requests again, others fail"
                              : "it sends none again: the caller sees the error";
    return fmt::format("possible: a request may be on its way when the server closes; {}", retries);
}

std::string knob(const experiment::settings& sides) {
    const auto server = idle_close_window(sides.server);
    const auto client = client_window(sides);
    if (!client && (sides.client.mode == close_mode::never || sides.client.idle_timeout.is_never()))
        return "client.idle_timeout: without a limit of its own the client leaves every idle close to the server";
    if (!client) {
        const auto limit =
            effective_idle_timeout(sides.client, std::chrono::ceil<std::chrono::seconds>(sides.server.keepalive_hint));
        return fmt::format(
            "server.keepalive_timeout above {}: then the client, which looks at its limit on use, is first",
            to_text(limit));
    }
    if (server && server->earliest > client->latest)
        return fmt::format("server.keepalive_timeout below {} makes the server first", to_text(client->earliest));
    return fmt::format("server.keepalive_timeout above {} makes the client first{}", to_text(client->latest),
                       server && server->latest < client->earliest
                           ? ""
                           : fmt::format(", below {} the server", to_text(client->earliest)));
}

}  // namespace

forecast make_forecast(const std::string& server, const std::string& client, const std::vector<std::string>& set,
                       const catalogue& profiles) {
    auto asked = experiment::bare_experiment(server, client);
    if (!server.empty()) experiment::override_setting(asked, "server.profile=" + server);
    if (!client.empty()) experiment::override_setting(asked, "client.profile=" + client);
    for (const auto& one : set)
        experiment::override_setting(asked, one);
    const auto made = experiment::make_plan(std::move(asked), profiles, experiment::scale_sensitive_cells::allow);
    forecast out;
    out.sides = made.cells.front().unscaled;
    out.outcome = made.cells.front().predicted;
    if (out.outcome.first == closer::undecided && !out.sides.client_profile.empty())
        out.measured = share_of(out.sides, profiles.client(out.sides.client_profile));
    out.lost_requests = lost_requests(out.sides, out.outcome);
    out.knob = knob(out.sides);
    return out;
}

}  // namespace firstfin::predict
