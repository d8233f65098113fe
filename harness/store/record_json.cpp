#include "harness/store/record_json.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <iterator>

#include "harness/store/json_text.hpp"

namespace firstfin::store {

namespace json = boost::json;
using witness::segment;
using witness::state_sample;
using witness::subject_event;
using witness::timeline;

namespace {

std::int64_t count_of(time_point at) {
    return at.time_since_epoch().count();
}

time_point first_moment(const timeline& value) {
    std::optional<time_point> first;
    const auto look = [&first](const auto& list) {
        for (const auto& one : list)
            if (!first || one.at < *first) first = one.at;
    };
    look(value.segments);
    look(value.events);
    look(value.samples);
    return first.value_or(time_point{});
}

// Wraps instead of overflowing, both ways alike, so that any two moments survive.
std::int64_t distance(time_point from, time_point to) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(count_of(to)) -
                                     static_cast<std::uint64_t>(count_of(from)));
}
time_point moved(time_point from, std::int64_t by) {
    return time_point(duration(
        static_cast<std::int64_t>(static_cast<std::uint64_t>(count_of(from)) + static_cast<std::uint64_t>(by))));
}

int number_of(side one) {
    return static_cast<int>(one);
}

std::string state_number(std::optional<tcp_state> state) {
    return state ? std::to_string(static_cast<unsigned>(*state)) : "null";
}

/// Writes `list` as [..,..], each element by `write`.
template <class List, class Write>
void append_list(std::string& out, const List& list, Write write) {
    out += '[';
    bool first = true;
    for (const auto& one : list) {
        if (!first) out += ',';
        first = false;
        write(one);
    }
    out += ']';
}

void append_event(std::string& out, const subject_event& one, time_point zero) {
    auto into = std::back_inserter(out);
    fmt::format_to(into, "[{},{},\"{}\"", distance(zero, one.at), number_of(one.from), to_text(one.kind));
    const bool ends = one.reason || one.state_before || one.lateness;
    const bool closes = ends || one.says_close || one.pending_fin || one.unread != 0;
    if (closes || one.request != 0 || one.status != 0) fmt::format_to(into, ",{},{}", one.request, one.status);
    if (closes) fmt::format_to(into, ",{:d},{:d},{}", one.says_close, one.pending_fin, one.unread);
    if (ends) {
        if (one.reason)
            fmt::format_to(into, ",\"{}\",", to_text(*one.reason));
        else
            out += ",null,";
        out += state_number(one.state_before);
    }
    if (one.lateness) fmt::format_to(into, ",{}", one.lateness->count());
    out += ']';
}

template <class Number>
Number number(const json::value& value) {
    return value.to_number<Number>();
}

bool flag(const json::value& value) {
    return number<int>(value) != 0;
}
std::string_view text(const json::value& value) {
    return value.as_string();
}

template <named_enum Enum>
Enum named(const json::value& value) {
    return parse_enum<Enum>(text(value)).value();
}

side side_of(const json::value& value) {
    const auto which = number<int>(value);
    if (which != 0 && which != 1) throw bad_input(fmt::format("{} stands for no side", which));
    return static_cast<side>(which);
}

std::optional<tcp_state> state_of(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    return static_cast<tcp_state>(number<std::uint8_t>(value));
}

segment segment_from(const json::array& parts, time_point zero) {
    segment out;
    out.at = moved(zero, number<std::int64_t>(parts.at(0)));
    out.from = side_of(parts.at(1));
    out.seq = number<std::uint32_t>(parts.at(2));
    out.ack = number<std::uint32_t>(parts.at(3));
    out.payload = number<std::uint32_t>(parts.at(4));
    out.flags = number<std::uint8_t>(parts.at(5));
    out.headers = number<std::uint16_t>(parts.at(6));
    return out;
}

subject_event event_from(const json::array& parts, time_point zero) {
    subject_event out;
    out.at = moved(zero, number<std::int64_t>(parts.at(0)));
    out.from = side_of(parts.at(1));
    out.kind = named<role::event_kind>(parts.at(2));
    const auto has = [&parts](std::size_t place) { return place < parts.size() && !parts[place].is_null(); };
    if (has(3)) out.request = number<std::uint32_t>(parts[3]);
    if (has(4)) out.status = number<std::uint32_t>(parts[4]);
    if (has(5)) out.says_close = flag(parts[5]);
    if (has(6)) out.pending_fin = flag(parts[6]);
    if (has(7)) out.unread = number<std::uint32_t>(parts[7]);
    if (has(8)) out.reason = named<role::close_reason>(parts[8]);
    if (has(9)) out.state_before = state_of(parts[9]);
    if (has(10)) out.lateness = duration(number<std::int64_t>(parts[10]));
    return out;
}

/// Any complaint about shape, from Boost.JSON or from us, becomes one sentence.
template <class Read>
auto reading(std::string_view what, std::string_view stored, Read read) -> result<decltype(read(json::value{}))> {
    try {
        // Most stored texts fit on the stack; larger ones continue on the heap.
        std::array<unsigned char, 16384> room;
        json::monotonic_resource memory(room.data(), room.size());
        return read(json::parse(json::string_view(stored.data(), stored.size()), json::storage_ptr(&memory)));
    } catch (const std::exception& failed) {
        return parse_error(fmt::format("{}: {}", what, failed.what()));
    }
}

}  // namespace

std::string to_json(const timeline& value) {
    const auto zero = first_moment(value);
    std::string out;
    out.reserve(128 + value.segments.size() * 64 + value.events.size() * 64 + value.samples.size() * 32);
    auto into = std::back_inserter(out);
    fmt::format_to(into, "{{\"client\":\"{}\",\"server\":\"{}\",\"wire\":{:d},\"t0\":{},\"segments\":",
                   to_text(value.tuple.client), to_text(value.tuple.server), value.wire_watched, count_of(zero));
    append_list(out, value.segments, [&](const segment& one) {
        fmt::format_to(into, "[{},{},{},{},{},{},{}]", distance(zero, one.at), number_of(one.from), one.seq, one.ack,
                       one.payload, one.flags, one.headers);
    });
    out += ",\"events\":";
    append_list(out, value.events, [&](const subject_event& one) { append_event(out, one, zero); });
    out += ",\"samples\":";
    append_list(out, value.samples, [&](const state_sample& one) {
        fmt::format_to(into, "[{},{},{}]", distance(zero, one.at), number_of(one.of), state_number(one.state));
    });
    out += ",\"faults\":";
    append_list(out, value.faults, [&](const std::string& one) { append_json_text(out, one); });
    out += '}';
    return out;
}

result<timeline> parse_timeline(std::string_view stored) {
    return reading("a timeline", stored, [](const json::value& document) {
        const auto& parts = document.as_object();
        timeline out;
        out.tuple.client = parse_endpoint(text(parts.at("client"))).value();
        out.tuple.server = parse_endpoint(text(parts.at("server"))).value();
        out.wire_watched = flag(parts.at("wire"));
        const time_point zero(duration(number<std::int64_t>(parts.at("t0"))));
        for (const auto& one : parts.at("segments").as_array())
            out.segments.push_back(segment_from(one.as_array(), zero));
        for (const auto& one : parts.at("events").as_array())
            out.events.push_back(event_from(one.as_array(), zero));
        for (const auto& one : parts.at("samples").as_array()) {
            const auto& sample = one.as_array();
            out.samples.push_back(
                {moved(zero, number<std::int64_t>(sample.at(0))), side_of(sample.at(1)), state_of(sample.at(2))});
        }
        for (const auto& one : parts.at("faults").as_array())
            out.faults.emplace_back(text(one));
        return out;
    });
}

std::string to_json(const std::vector<evidence>& value) {
    std::string out;
    append_list(out, value, [&out](const evidence& one) {
        fmt::format_to(std::back_inserter(out), "[\"{}\",{:d},{},", to_text(one.from), one.strong, one.possible);
        append_json_text(out, one.text);
        out += ']';
    });
    return out;
}

result<std::vector<evidence>> parse_evidence(std::string_view stored) {
    return reading("evidence", stored, [](const json::value& document) {
        std::vector<evidence> out;
        for (const auto& each : document.as_array()) {
            const auto& parts = each.as_array();
            out.push_back({named<witness_kind>(parts.at(0)), flag(parts.at(1)), number<std::uint8_t>(parts.at(2)),
                           std::string(text(parts.at(3)))});
        }
        return out;
    });
}

void append_json(std::string& out, const text_pairs& value) {
    out += '{';
    bool first = true;
    for (const auto& [name, said] : value) {
        if (!first) out += ',';
        first = false;
        append_json_text(out, name);
        out += ':';
        append_json_text(out, said);
    }
    out += '}';
}

std::string to_json(const text_pairs& value) {
    std::string out;
    append_json(out, value);
    return out;
}

result<text_pairs> parse_text_pairs(std::string_view stored) {
    return reading("named texts", stored, [](const json::value& document) {
        text_pairs out;
        out.reserve(document.as_object().size());
        for (const auto& [name, said] : document.as_object())
            out.emplace_back(std::string_view(name), text(said));
        return out;
    });
}

std::string to_json(const std::vector<std::string>& value) {
    std::string out;
    append_list(out, value, [&out](const std::string& one) { append_json_text(out, one); });
    return out;
}

result<std::vector<std::string>> parse_texts(std::string_view stored) {
    return reading("a list of texts", stored, [](const json::value& document) {
        std::vector<std::string> out;
        for (const auto& one : document.as_array())
            out.emplace_back(text(one));
        return out;
    });
}

std::string to_json(const std::vector<std::pair<tcp_state, std::uint32_t>>& value) {
    std::string out;
    append_list(out, value, [&out](const auto& one) {
        fmt::format_to(std::back_inserter(out), "[{},{}]", static_cast<unsigned>(one.first), one.second);
    });
    return out;
}

result<std::vector<std::pair<tcp_state, std::uint32_t>>> parse_state_counts(std::string_view stored) {
    return reading("socket counts", stored, [](const json::value& document) {
        std::vector<std::pair<tcp_state, std::uint32_t>> out;
        for (const auto& each : document.as_array()) {
            const auto& parts = each.as_array();
            out.emplace_back(static_cast<tcp_state>(number<std::uint8_t>(parts.at(0))),
                             number<std::uint32_t>(parts.at(1)));
        }
        return out;
    });
}

}  // namespace firstfin::store
