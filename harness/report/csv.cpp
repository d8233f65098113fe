#include "harness/report/csv.hpp"

#include <fmt/format.h>

#include <iterator>
#include <unordered_map>

#include "harness/report/csv_line.hpp"
#include "harness/report/parameter_columns.hpp"

namespace firstfin::report {

namespace {

template <named_enum Enum>
void heading(csv_line& line, std::string_view what, const tally<Enum>&, std::initializer_list<Enum> values) {
    for (const auto value : values)
        line.text(fmt::format("{}_{}", what, to_text(value)));
}
template <named_enum Enum>
void counts(csv_line& line, std::string_view, const tally<Enum>& counted, std::initializer_list<Enum> values) {
    for (const auto value : values)
        line.number(counted[value]);
}

constexpr auto parties = {party::server, party::client, party::both, party::none};
constexpr auto resetters = {party::server, party::client, party::none};
constexpr auto endings = {ending::orderly, ending::simultaneous, ending::reset, ending::half_closed, ending::open};

void append_heading(std::string& out, const summary& run, const std::vector<std::string>& parameters) {
    csv_line line(out);
    line.text("id");
    for (const auto& name : parameters)
        line.text(name);
    for (const auto* name : {"predicted", "trials", "tie_band"})
        line.text(name);
    const trial_counts none;
    heading(line, "first_fin", none.first_fin, parties);
    heading(line, "time_wait", none.time_wait, parties);
    heading(line, "ending", none.ending, endings);
    heading(line, "reset", none.reset, resetters);
    for (const auto* name :
         {"idle_at_close_s_min", "idle_at_close_s_median", "idle_at_close_s_p99", "idle_at_close_s_max",
          "requests_sent", "requests_answered", "requests_stale_reuse", "requests_true_race", "conflicts", "invalid",
          "experiment", "time_scale", "seed", "resolution_ms"})
        line.text(name);
    for (const auto& [name, value] : run.run.environment)
        line.text("environment." + name);
}

/// Ends every line: the same for all cells.
std::string ending_fields(const summary& run) {
    std::string out;
    {
        csv_line line(out);
        line.text(run.run.name);
        line.number(run.run.time_scale);
        line.number(run.run.seed);
        if (run.end)
            line.number(run.end->resolution_ms);
        else
            line.nothing();
        for (const auto& [name, value] : run.run.environment)
            line.text(value);
    }
    out.pop_back();
    return out;
}

void append_idle(csv_line& line, const std::optional<spread>& idle) {
    if (!idle) {
        for (int field = 0; field < 4; ++field)
            line.nothing();
        return;
    }
    for (const auto value : {idle->min, idle->median, idle->p99, idle->max})
        line.number(seconds_of(value));
}

}  // namespace

std::string to_csv(const summary& run) {
    const auto parameters = all_parameter_names(run, distinguishing_columns(run));
    std::unordered_map<std::string_view, std::size_t> place_of;
    for (std::size_t place = 0; place < parameters.size(); ++place)
        place_of.emplace(parameters[place], place);
    std::vector<std::string_view> values(parameters.size());
    for (const auto& [name, value] : run.common)
        values[place_of.at(name)] = value;
    const auto shared = values;
    const auto last = ending_fields(run);

    std::string out;
    append_heading(out, run, parameters);
    for (const auto& one : run.cells) {
        values = shared;
        for (const auto& [name, value] : one.cell.params)
            values[place_of.at(name)] = value;
        csv_line line(out);
        line.text(one.cell.id);
        for (const auto value : values)
            line.text(value);
        line.text(one.cell.predicted);
        line.number(one.counts.trials);
        line.number(one.tie_band);
        counts(line, {}, one.counts.first_fin, parties);
        counts(line, {}, one.counts.time_wait, parties);
        counts(line, {}, one.counts.ending, endings);
        counts(line, {}, one.counts.reset, resetters);
        append_idle(line, one.idle_at_close);
        const auto& requests = one.counts.requests;
        for (const auto count : {requests.sent, requests.answered, requests.stale_reuse, requests.true_race})
            line.number(count);
        line.number(one.counts.conflicts);
        line.number(one.counts.invalid);
        line.ready(last);
    }
    return out;
}

}  // namespace firstfin::report
