#include <fmt/format.h>

#include <iterator>

#include "harness/explain/explanation.hpp"
#include "harness/explain/words.hpp"
#include "harness/report/json.hpp"
#include "harness/store/json_text.hpp"

namespace firstfin::explain {

using firstfin::to_text;  // beside the one of this namespace

namespace {

template <class... Values>
void append(std::string& out, fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(out), form, std::forward<Values>(values)...);
}

std::string_view kind_name(message_line::kind what) {
    switch (what) {
        case message_line::kind::request:
            return "request";
        case message_line::kind::response:
            return "response";
        default:
            return "other";
    }
}

void append_states(std::string& out, const side_states& now) {
    append(out, "{{\"client\":\"{}\",\"server\":\"{}\"}}", textbook_name(now.client), textbook_name(now.server));
}

void append_body(std::string& out, const rung& one) {
    append(out, ",\"witness\":\"wire\",\"side\":\"{}\",\"flags\":\"{}\",\"flags_hex\":\"{}\",\"seq\":{},\"seq_raw\":{}",
           to_text(one.segment.from), flag_names(one.segment.flags), flag_number(one.segment.flags), one.seq,
           one.segment.seq);
    if (one.ack)
        append(out, ",\"ack\":{}", *one.ack);
    else
        out += ",\"ack\":null";
    append(out, ",\"ack_raw\":{},\"payload\":{},\"derived_states\":", one.segment.ack, one.segment.payload);
    append_states(out, one.after);
    if (one.message.what == message_line::kind::none) return;
    append(out, ",\"http\":{{\"kind\":\"{}\",\"cut\":{},\"line\":", kind_name(one.message.what), one.message.cut);
    append_json_text(out, one.message.text);
    out += '}';
}

void append_body(std::string& out, const witness::subject_event& one) {
    append(out, ",\"witness\":\"subjects\",\"side\":\"{}\",\"event\":\"{}\",\"text\":", to_text(one.from),
           to_text(one.kind));
    append_json_text(out, event_text(one));
}

void append_body(std::string& out, const witness::state_sample& one) {
    append(out, ",\"witness\":\"sockets\",\"side\":\"{}\",\"state\":", to_text(one.of));
    if (one.state)
        append(out, "\"{}\"", to_text(*one.state));
    else
        out += "null";
}

}  // namespace

std::string to_json(const explanation& one) {
    std::string out = "{\"schema\":1,\"experiment\":";
    append_json_text(out, one.run.name);
    out += ",\"title\":";
    append_json_text(out, one.run.title);
    append(out, ",\"time_scale\":{},\"seed\":{},\"cell_number\":{},\"cells\":{},\"capture_read\":{},\"trial\":",
           one.run.time_scale, one.run.seed, one.number, one.cells, one.captured);
    out += report::to_json_line(one.trial, one.cell.params);
    out += ",\"derived_states_before\":";
    append_states(out, one.picture.before);
    out += ",\"ladder\":[";
    for (const auto& each : one.picture.steps) {
        append(out, "{}{{\"t_s\":{:.9f}", &each == &one.picture.steps.front() ? "" : ",", seconds_of(each.at));
        std::visit([&](const auto& what) { append_body(out, what); }, each.what);
        out += '}';
    }
    out += "],\"prediction\":{\"first\":";
    append_json_text(out, one.cell.predicted);
    out += ",\"why\":";
    append_json_text(out, one.predicted_why);
    append(out, ",\"check\":\"{}\"}}}}\n", to_text(check_prediction(one)));
    return out;
}

}  // namespace firstfin::explain
