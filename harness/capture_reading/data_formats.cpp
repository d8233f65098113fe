#include "harness/capture_reading/data_formats.hpp"

#include <fmt/format.h>

#include <iterator>
#include <ostream>

#include "harness/store/json_text.hpp"

namespace firstfin::capture_reading {

namespace {

template <class... Values>
void append(std::string& out, fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(out), form, std::forward<Values>(values)...);
}

/// Exact: a double has no room for the nanoseconds of today.
std::string seconds_text(duration value) {
    const auto count = value.count();
    return fmt::format("{}{}.{:09}", count < 0 ? "-" : "", std::abs(count / 1'000'000'000),
                       std::abs(count % 1'000'000'000));
}

// What a format writes for a value that is not known.
constexpr std::string_view json_nothing = "null";

std::string idle_text(const connection_record& one, std::string_view nothing) {
    return one.idle_at_close < duration::zero() ? std::string(nothing) : seconds_text(one.idle_at_close);
}

std::string_view closer_text(const connection_record& one) {
    const auto closer = one.closed_first();
    return closer ? to_text(*closer) : "unknown";
}
std::string_view first_fin_text(const connection_record& one) {
    return one.order_is_known() ? to_text(one.first_fin) : "unknown";
}
std::string_view reset_text(const connection_record& one) {
    return one.reset != party::none && one.server_by == server_evidence::none ? "unknown" : to_text(one.reset);
}
std::string_view ending_text(const connection_record& one) {
    return one.ending ? to_text(*one.ending) : "unknown";
}
std::string_view unknown_text(const connection_record& one) {
    if (one.unknown != capture_gap::none) return to_text(one.unknown);
    return one.server_by == server_evidence::none ? "which end is the server" : "";
}

void append_spread(std::string& out, const std::optional<report::spread>& idle) {
    if (!idle)
        out += json_nothing;
    else
        append(out, "{{\"min\":{},\"median\":{},\"p99\":{},\"max\":{}}}", seconds_text(idle->min),
               seconds_text(idle->median), seconds_text(idle->p99), seconds_text(idle->max));
}

void append_counts(std::string& out, const capture_counts& counts) {
    const auto& first = counts.closed_first;
    append(out,
           "\"connections\":{},\"refused\":{},\"unanswered\":{},\"closed_first\":{{\"server\":{},\"client\":{},"
           "\"both\":{},\"none\":{},\"unknown\":{}}}",
           counts.connections, counts.refused, counts.unanswered, first[party::server], first[party::client],
           first[party::both], first[party::none], counts.unknown);
    out += ",\"ending\":{";
    for (const auto& [value, name] : names_of<ending>)
        append(out, "\"{}\":{},", name, counts.ending[value]);
    append(out, "\"unknown\":{}}}", counts.connections - counts.ending.total());
    append(out,
           ",\"requests\":{{\"seen\":{},\"lost\":{},\"stale_reuse\":{},\"true_race\":{},\"undecided\":{}}},"
           "\"idle_at_close_s\":{{\"server\":",
           counts.requests, counts.lost_requests(), counts.lost[loss::stale_reuse], counts.lost[loss::true_race],
           counts.lost[loss::undecided]);
    append_spread(out, counts.idle_of(side::server));
    out += ",\"client\":";
    append_spread(out, counts.idle_of(side::client));
    out += '}';
}

template <class List, class Text>
void write_lines(std::ostream& out, const List& list, Text text) {
    out << '[';
    bool first = true;
    for (const auto& one : list) {
        out << (first ? "\n" : ",\n") << text(one);
        first = false;
    }
    out << (first ? "]" : "\n]");
}

std::string server_json(const endpoint& server, const capture_counts& counts) {
    auto out = fmt::format("{{\"server\":\"{}\",", to_text(server));
    append_counts(out, counts);
    return out + "}";
}

}  // namespace

std::string to_json(const connection_record& one) {
    std::string out;
    const auto unknown = unknown_text(one);
    append(out,
           "{{\"client\":\"{}\",\"server\":\"{}\",\"server_known_by\":\"{}\",\"kind\":\"{}\",\"begin_s\":{},"
           "\"duration_s\":{},\"segments\":{},\"closed_first\":\"{}\",\"closed_by\":\"{}\",\"first_fin\":\"{}\","
           "\"reset\":\"{}\",\"reset_destroyed_request\":{},\"ending\":\"{}\",\"idle_at_close_s\":{}",
           to_text(one.ends.client), to_text(one.ends.server), to_text(one.server_by), to_text(one.kind),
           seconds_text(one.began), seconds_text(one.lasted), one.segments, closer_text(one), to_text(one.closed_by()),
           first_fin_text(one), reset_text(one), one.reset_destroyed_request, ending_text(one),
           idle_text(one, json_nothing));
    append(out,
           ",\"requests\":{},\"requests_counted_by\":\"{}\",\"lost\":\"{}\",\"begins_in_mid_connection\":{},"
           "\"one_direction\":{},\"impossible\":{},\"unknown_because\":",
           one.requests, to_text(one.counted_by), to_text(one.lost), one.mid_connection, one.one_direction,
           one.impossible);
    if (unknown.empty())
        out += json_nothing;
    else
        append(out, "\"{}\"", unknown);
    return out + "}";
}

void write_json(std::ostream& out, const capture_facts& facts, const summary& read) {
    std::string head = "{\"schema\":1,\"file\":";
    append_json_text(head, facts.name);
    head += ",\"link\":";
    append_json_text(head, facts.link);
    append(head, ",\"frames\":{},\"tcp_segments\":{},\"damage\":", facts.frames, facts.segments);
    if (facts.damage.empty())
        head += json_nothing;
    else
        append_json_text(head, facts.damage);
    append(head, ",\"interrupted\":{},\"impossible\":{},\n", facts.interrupted, read.impossible());
    append_counts(head, read.total());
    out << head << ",\n\"servers\":";
    write_lines(out, read.servers(), [](const auto& one) { return server_json(one.first, one.second); });
    out << ",\n\"list\":";
    write_lines(out, read.listed(), [](const connection_record& one) { return to_json(one); });
    out << "}\n";
}

std::string csv_heading() {
    return "client,server,server_known_by,kind,begin_s,duration_s,segments,closed_first,closed_by,first_fin,reset,"
           "reset_destroyed_request,ending,idle_at_close_s,requests,requests_counted_by,lost,begins_in_mid_connection,"
           "one_direction,impossible,unknown_because";
}

// No value needs quotes: addresses, numbers and our own words without commas.
std::string csv_line(const connection_record& one) {
    return fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}", to_text(one.ends.client),
                       to_text(one.ends.server), to_text(one.server_by), to_text(one.kind), seconds_text(one.began),
                       seconds_text(one.lasted), one.segments, closer_text(one), to_text(one.closed_by()),
                       first_fin_text(one), reset_text(one), one.reset_destroyed_request, ending_text(one),
                       idle_text(one, ""), one.requests, to_text(one.counted_by), to_text(one.lost), one.mid_connection,
                       one.one_direction, one.impossible, unknown_text(one));
}

}  // namespace firstfin::capture_reading
