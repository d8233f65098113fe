#include <fmt/format.h>

#include <boost/json.hpp>

#include "harness/predict/forecast.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::predict {

namespace json = boost::json;

namespace {

using model::closer;

std::string window_text(const time_window& window) {
    return window.earliest == window.latest ? to_text(window.latest) : to_text(window);
}

std::string first_words(const forecast& of) {
    return fmt::format("{}: {}", to_text(of.outcome.first), of.outcome.why);
}

std::string time_wait_words(const forecast& of) {
    if (of.outcome.first == closer::undecided) return "whoever is first";
    if (of.outcome.first == closer::nobody) return "nobody";
    if (of.outcome.time_wait != party::none) return "the " + std::string(to_text(of.outcome.time_wait));
    if (of.outcome.ending != ending::half_closed) return "nobody";
    return of.outcome.first == closer::client
               ? "nobody: the client waits in FIN_WAIT_2 for a server that never closes"
               : "nobody: the server waits in FIN_WAIT_2 until the client notices, or until tcp_fin_timeout (60 s)";
}

std::string side_words(std::string_view name, const std::string& profile_id, const std::string& limit,
                       const profile* known) {
    auto out = fmt::format("{}: {}, idle limit {}", name, profile_id.empty() ? "as set" : profile_id, limit);
    if (known != nullptr) out += fmt::format(" ({}; {})", known->checked_version, known->confidence);
    return out;
}

}  // namespace

std::string as_text(const forecast& of, const catalogue& profiles, std::size_t width) {
    const auto& sides = of.sides;
    const auto* server = sides.server_profile.empty() ? nullptr : &profiles.server(sides.server_profile);
    const auto* client = sides.client_profile.empty() ? nullptr : &profiles.client(sides.client_profile);
    const auto server_window = idle_close_window(sides.server);
    const auto client_window =
        idle_close_window(sides.client, std::chrono::ceil<std::chrono::seconds>(sides.server.keepalive_hint));
    std::string out;
    const auto line = [&](const std::string& text) { out += report::paragraph(text, width, 2); };
    line(side_words("server", sides.server_profile, server_window ? window_text(*server_window) : "none", server));
    line(side_words("client", sides.client_profile,
                    client_window ? window_text(*client_window)
                                  : fmt::format("{}, by no timer of its own", to_text(sides.client.idle_timeout)),
                    client));
    out += "\n";
    line("first FIN: " + first_words(of));
    if (of.measured)
        line(fmt::format("  measured: {} of {} closes by the client came before the server's limit ({})",
                         of.measured->client_first, of.measured->of, of.measured->conditions));
    if (of.outcome.moment) line(fmt::format("moment: {} after the last response", window_text(*of.outcome.moment)));
    line("TIME_WAIT: " + time_wait_words(of));
    if (of.outcome.ending) line(fmt::format("ending: {}", to_text(*of.outcome.ending)));
    line("lost requests: " + of.lost_requests);
    line("knob: " + of.knob);
    return out;
}

std::string as_json(const forecast& of) {
    json::object out{{"schema", 1}, {"first", to_text(of.outcome.first)}, {"why", of.outcome.why}};
    out["time_wait"] =
        of.outcome.first == closer::undecided ? json::value(nullptr) : json::value(to_text(of.outcome.time_wait));
    out["requests"] = of.outcome.requests;
    out["ending"] = of.outcome.ending ? json::value(to_text(*of.outcome.ending)) : json::value(nullptr);
    out["moment_s"] =
        of.outcome.moment
            ? json::value(json::array{seconds_of(of.outcome.moment->earliest), seconds_of(of.outcome.moment->latest)})
            : json::value(nullptr);
    if (of.measured)
        out["measured"] = {{"client_first", of.measured->client_first},
                           {"of", of.measured->of},
                           {"conditions", of.measured->conditions}};
    out["lost_requests"] = of.lost_requests;
    out["knob"] = of.knob;
    json::object parameters;
    for (const auto& [name, value] : experiment::canonical(of.sides))
        parameters[name] = value;
    out["params"] = std::move(parameters);
    return json::serialize(out) + "\n";
}

}  // namespace firstfin::predict
