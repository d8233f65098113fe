#include "harness/report/json.hpp"

#include <fmt/format.h>

#include <iterator>

#include "harness/store/json_text.hpp"
#include "harness/store/record_json.hpp"

namespace firstfin::report {

namespace {

template <class... Values>
void append(std::string& out, fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(out), form, std::forward<Values>(values)...);
}

/// `,"name":` and the text.
void append_text(std::string& out, std::string_view name, std::string_view text) {
    append(out, ",\"{}\":", name);
    append_json_text(out, text);
}

template <named_enum Enum>
void append_counts(std::string& out, std::string_view name, const tally<Enum>& counts,
                   std::initializer_list<Enum> values) {
    append(out, ",\"{}\":", name);
    char before = '{';
    for (const auto value : values) {
        append(out, "{}\"{}\":{}", before, to_text(value), counts[value]);
        before = ',';
    }
    out += '}';
}

void append_spread(std::string& out, std::string_view name, const std::optional<spread>& of) {
    if (!of)
        append(out, ",\"{}\":{{\"min\":null,\"median\":null,\"p99\":null,\"max\":null}}", name);
    else
        append(out, ",\"{}\":{{\"min\":{},\"median\":{},\"p99\":{},\"max\":{}}}", name, seconds_of(of->min),
               seconds_of(of->median), seconds_of(of->p99), seconds_of(of->max));
}

/// Only where client programs opened any.
void append_others(std::string& out, const other_connections& others) {
    if (others.never_used + others.used == 0) return;
    append(out, ",\n\"other_connections\":{{\"never_used\":{},\"used\":{}", others.never_used, others.used);
    append_counts(out, "first_fin_of_never_used", others.first_fin,
                  {party::server, party::client, party::both, party::none});
    append_spread(out, "idle_at_close_s_of_never_used", others.idle_at_close);
    out += '}';
}

void append_cell(std::string& out, const cell_summary& one, const summary& run) {
    out += "{\"id\":";
    append_json_text(out, one.cell.id);
    out += ",\"params\":";
    store::append_json(out, run.params_of(one));
    const auto& counts = one.counts;
    append(out, ",\"trials\":{},\"tie_band\":{}", counts.trials, one.tie_band);
    append_counts(out, "first_fin", counts.first_fin, {party::server, party::client, party::both, party::none});
    append_counts(out, "time_wait", counts.time_wait, {party::server, party::client, party::both, party::none});
    append_counts(out, "ending", counts.ending,
                  {ending::orderly, ending::simultaneous, ending::reset, ending::half_closed, ending::open});
    append_counts(out, "reset", counts.reset, {party::server, party::client, party::none});
    append_spread(out, "idle_at_close_s", one.idle_at_close);
    if (one.client_age) append_spread(out, "client_age_s", one.client_age);
    append(out,
           ",\"requests\":{{\"sent\":{},\"answered\":{},\"stale_reuse\":{},\"true_race\":{}}},\"conflicts\":{},"
           "\"invalid\":{}}}",
           counts.requests.sent, counts.requests.answered, counts.requests.stale_reuse, counts.requests.true_race,
           counts.conflicts, counts.invalid);
}

void append_expect(std::string& out, const expect_result& one) {
    out += "{\"when\":";
    store::append_json(out, one.expect.when);
    append_text(out, "measure", one.expect.measure);
    if (one.expect.article.empty())
        out += ",\"article\":null";
    else
        append_text(out, "article", one.expect.article);
    append_text(out, "today", one.expect.today);
    append_text(out, "measured", one.measured);
    append_text(out, "detail", one.detail);
    append(out, ",\"met\":{}", one.met);
    if (!one.expect.claim.empty()) {
        append_text(out, "claim", one.expect.claim);
        append_text(out, "said", one.expect.said);
        append_text(out, "because", one.expect.because);
        append_text(out, "status", to_text(one.status));
    }
    if (!one.expect.not_shown.empty()) append_text(out, "not_shown", one.expect.not_shown);
    out += '}';
}

/// Elements on lines of their own.
template <class List, class Write>
void append_lines(std::string& out, const List& list, Write write) {
    out += '[';
    bool first = true;
    for (const auto& one : list) {
        out += first ? "\n" : ",\n";
        first = false;
        write(one);
    }
    out += first ? "]" : "\n]";
}

}  // namespace

std::string to_json(const summary& run) {
    std::string out = "{\"schema\":1";
    append_text(out, "experiment", run.run.name);
    append_text(out, "title", run.run.title);
    append(out, ",\"time_scale\":{},\"seed\":{},\"resolution_ms\":", run.run.time_scale, run.run.seed);
    if (run.end)
        append(out, "{}", run.end->resolution_ms);
    else
        out += "null";
    append(out, ",\"interrupted\":{},\n\"environment\":", run.interrupted());
    store::append_json(out, run.run.environment);
    out += ",\n\"warnings\":" + store::to_json(run.end ? run.end->warnings : std::vector<std::string>{});
    append_others(out, run.others);
    out += ",\n\"expect\":";
    append_lines(out, run.expects, [&out](const expect_result& one) { append_expect(out, one); });
    out += ",\n\"cells\":";
    append_lines(out, run.cells, [&](const cell_summary& one) { append_cell(out, one, run); });
    return out + "}\n";
}

}  // namespace firstfin::report
