#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/report/json.hpp"
#include "harness/store/json_text.hpp"
#include "harness/store/record_json.hpp"

namespace firstfin::report {

using witness::segment;
using witness::state_sample;
using witness::subject_event;

namespace {

template <class... Values>
void append(std::string& out, fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(out), form, std::forward<Values>(values)...);
}

void append_text(std::string& out, std::string_view name, std::string_view text) {
    append(out, ",\"{}\":", name);
    append_json_text(out, text);
}

void append_verdict(std::string& out, const verdict& one) {
    append(out,
           "\"verdict\":{{\"first_fin\":\"{}\",\"time_wait\":\"{}\",\"ending\":\"{}\",\"reset\":\"{}\",\"reset_"
           "destroyed_request\":{}",
           to_text(one.first_fin), to_text(one.time_wait), to_text(one.ending), to_text(one.reset),
           one.reset_destroyed_request);
    if (one.idle_at_close)
        append(out, ",\"idle_at_close_s\":{}", seconds_of(*one.idle_at_close));
    else
        out += ",\"idle_at_close_s\":null";
    append(out, ",\"requests\":{{\"sent\":{},\"answered\":{},\"stale_reuse\":{},\"true_race\":{}}}", one.requests.sent,
           one.requests.answered, one.requests.stale_reuse, one.requests.true_race);
    append_text(out, "conflict", one.conflict);
    append_text(out, "invalid", one.invalid);
    out += '}';
}

void append_evidence(std::string& out, const std::vector<evidence>& all) {
    out += "\"evidence\":[";
    for (const auto& one : all) {
        if (&one != &all.front()) out += ',';
        append(out, "{{\"witness\":\"{}\",\"strong\":{},\"possible\":[", to_text(one.from), one.strong);
        bool first = true;
        for (const auto& [value, name] : names_of<party>) {
            if (!one.allows(value)) continue;
            append(out, "{}\"{}\"", first ? "" : ",", name);
            first = false;
        }
        out += ']';
        append_text(out, "text", one.text);
        out += '}';
    }
    out += ']';
}

void append_flags(std::string& out, std::uint8_t flags) {
    using namespace witness::tcp_flag;
    constexpr std::pair<std::uint8_t, std::string_view> names[] = {
        {syn, "SYN"}, {fin, "FIN"}, {rst, "RST"}, {psh, "PSH"}, {ack, "ACK"}};
    out += ",\"flags\":[";
    bool first = true;
    for (const auto& [bit, name] : names) {
        if ((flags & bit) == 0) continue;
        append(out, "{}\"{}\"", first ? "" : ",", name);
        first = false;
    }
    out += ']';
}

void append_body(std::string& out, const segment& one) {
    append(out, "\"wire\",\"side\":\"{}\"", to_text(one.from));
    append_flags(out, one.flags);
    append(out, ",\"seq\":{},\"ack\":{},\"payload\":{}", one.seq, one.ack, one.payload);
}

void append_body(std::string& out, const subject_event& one) {
    append(out, "\"subjects\",\"side\":\"{}\",\"event\":\"{}\"", to_text(one.from), to_text(one.kind));
    if (one.request != 0) append(out, ",\"request\":{}", one.request);
    if (one.status != 0) append(out, ",\"status\":{}", one.status);
    if (one.says_close) out += ",\"says_close\":true";
    if (one.pending_fin) out += ",\"pending_fin\":true";
    if (one.reason) append(out, ",\"reason\":\"{}\"", to_text(*one.reason));
    if (one.state_before) append(out, ",\"state_before\":\"{}\"", to_text(*one.state_before));
    if (one.unread != 0) append(out, ",\"unread\":{}", one.unread);
    if (one.lateness)
        append(out, ",\"lateness_ms\":{}", std::chrono::duration<double, std::milli>(*one.lateness).count());
}

void append_body(std::string& out, const state_sample& one) {
    append(out, "\"sockets\",\"side\":\"{}\",\"state\":", to_text(one.of));
    if (one.state)
        append(out, "\"{}\"", to_text(*one.state));
    else
        out += "null";
}

/// One entry of one witness, for merging.
struct entry {
    time_point at;
    const segment* wire = nullptr;
    const subject_event* subject = nullptr;
    const state_sample* sample = nullptr;
};

std::vector<entry> merged_entries(const witness::timeline& seen) {
    std::vector<entry> out;
    out.reserve(seen.segments.size() + seen.events.size() + seen.samples.size());
    for (const auto& one : seen.segments)
        out.push_back({.at = one.at, .wire = &one});
    for (const auto& one : seen.events)
        out.push_back({.at = one.at, .subject = &one});
    for (const auto& one : seen.samples)
        out.push_back({.at = one.at, .sample = &one});
    std::ranges::stable_sort(out, {}, &entry::at);
    return out;
}

void append_timeline(std::string& out, const witness::timeline& seen) {
    append(out, "\"timeline\":{{\"client\":\"{}\",\"server\":\"{}\",\"wire_watched\":{},\"entries\":[",
           to_text(seen.tuple.client), to_text(seen.tuple.server), seen.wire_watched);
    const auto entries = merged_entries(seen);
    for (const auto& one : entries) {
        if (&one != &entries.front()) out += ',';
        append(out, "{{\"t_s\":{:.9f},\"t_ns\":{},\"witness\":", seconds_of(one.at - entries.front().at),
               one.at.time_since_epoch().count());
        if (one.wire != nullptr)
            append_body(out, *one.wire);
        else if (one.subject != nullptr)
            append_body(out, *one.subject);
        else
            append_body(out, *one.sample);
        out += '}';
    }
    out += "],\"faults\":" + store::to_json(seen.faults) + "}";
}

}  // namespace

std::string to_json_line(const store::trial_record& trial, const store::text_pairs& params) {
    std::string out;
    out += "{\"cell\":";
    append_json_text(out, trial.cell);
    append(out, ",\"trial\":{},\"params\":", trial.number);
    store::append_json(out, params);
    out += ',';
    append_verdict(out, trial.verdict);
    out += ',';
    append_evidence(out, trial.verdict.statements);
    out += ',';
    append_timeline(out, trial.timeline);
    out += '}';
    return out;
}

}  // namespace firstfin::report
