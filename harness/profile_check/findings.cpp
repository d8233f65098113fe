#include "harness/profile_check/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace firstfin::profile_check {

namespace {

using report::cell_summary;

std::string seconds(duration value) {
    return fmt::format("{:.3g}s", std::chrono::duration<double>(value).count());
}

/// To the millisecond: profiles are compared by it.
std::string exact(duration value) {
    return fmt::format("{:.3f}s", std::chrono::duration<double>(value).count());
}

std::string in_words(const time_window& window) {
    if (window.earliest == window.latest) return seconds(window.latest);
    return fmt::format("{}..{}", seconds(window.earliest), seconds(window.latest));
}

std::string closes_measured(const cell_summary& cell, party by) {
    const auto count = cell.counts.first_fin[by];
    const auto of = cell.counts.trials;
    if (count == 0 || !cell.idle_at_close) return fmt::format("no close by the {} in {} trials", to_text(by), of);
    const auto& idle = *cell.idle_at_close;
    const auto range =
        exact(idle.min) == exact(idle.max) ? exact(idle.min) : fmt::format("{}..{}", exact(idle.min), exact(idle.max));
    return fmt::format("{} ({} of {})", range, count, of);
}

bool all_are(const cell_summary& cell, party by) {
    return cell.counts.trials != 0 && cell.counts.first_fin[by] == cell.counts.trials;
}

/// Closed by that side, every time, within the window.
finding closes_within(std::string what, const cell_summary& cell, party by, const time_window& window) {
    finding out{std::move(what), in_words(window), closes_measured(cell, by), false};
    out.holds = all_are(cell, by) && cell.idle_at_close && cell.idle_at_close->min >= window.earliest - tolerance &&
                cell.idle_at_close->max <= window.latest + tolerance;
    return out;
}

finding stays_open(std::string what, std::string claimed, const cell_summary& cell, duration for_how_long) {
    const auto open = cell.counts.ending[ending::open];
    finding out{std::move(what), std::move(claimed), {}, open != 0 && open == cell.counts.trials};
    out.measured = out.holds ? fmt::format("open after {} ({} of {})", seconds(for_how_long), open, cell.counts.trials)
                             : closes_measured(cell, party::client);
    return out;
}

std::string value_of(const report::summary& run, const cell_summary& cell, const std::string& name) {
    for (const auto& [key, value] : run.params_of(cell))
        if (key == name) return value;
    return {};
}

const cell_summary* cell_with(const report::summary& run, const std::string& limit, const std::string& hint_text) {
    const auto found = std::ranges::find_if(run.cells, [&](const auto& cell) {
        return value_of(run, cell, "server.keepalive_timeout") == limit &&
               value_of(run, cell, "server.keepalive_hint") == hint_text;
    });
    return found == run.cells.end() ? nullptr : &*found;
}

finding missing(std::string what) {
    return {std::move(what), "", "not measured", false};
}

/// What the client does while nobody else closes.
finding idle_limit(std::string what, const profile& claimed, const cell_summary* cell, duration hinted) {
    if (cell == nullptr) return missing(std::move(what));
    if (const auto window = idle_close_window(*claimed.client, hinted))
        return closes_within(std::move(what), *cell, party::client, *window);
    const auto& limit = claimed.client->idle_timeout;
    const auto claim = claimed.client->mode == close_mode::lazy && !limit.is_never()
                           ? fmt::format("none by itself ({}, looked at on use)", seconds(limit.value()))
                           : std::string("none");
    return stays_open(std::move(what), claim, *cell, observed(claimed));
}

finding notices_fin(const profile& claimed, const cell_summary* cell) {
    const std::string what = "the server's FIN";
    if (cell == nullptr) return missing(what);
    const bool at_once = claimed.client->notices_fin == fin_notice::at_once;
    const auto wanted = at_once ? ending::orderly : ending::half_closed;
    const auto count = cell->counts.ending[wanted];
    finding out{what, at_once ? "answered at once" : "noticed on use", {}, false};
    out.holds = count != 0 && count == cell->counts.trials;
    for (const auto& [value, name] : names_of<ending>)
        if (cell->counts.ending[value] != 0)
            out.measured += fmt::format("{}{} {}", out.measured.empty() ? "" : ", ", name, cell->counts.ending[value]);
    return out;
}

}  // namespace

std::vector<finding> findings(const profile& claimed, const report::summary& run) {
    if (claimed.server) {
        auto policy = *claimed.server;
        if (claimed.needs_timeout) policy = with_keepalive_timeout(policy, told_limit);
        if (run.cells.empty()) return {missing("idle limit")};
        const auto window = idle_close_window(policy);
        if (!window) return {stays_open("idle limit", "none", run.cells.front(), observed(claimed))};
        return {closes_within("idle limit", run.cells.front(), party::server, *window)};
    }
    const auto hint_text = to_text(hint);
    return {idle_limit("idle limit", claimed, cell_with(run, "never", "0s"), duration::zero()),
            idle_limit(fmt::format("with a hint of {}", hint_text), claimed, cell_with(run, "never", hint_text), hint),
            notices_fin(claimed, cell_with(run, to_text(short_limit), "0s"))};
}

}  // namespace firstfin::profile_check
