#include "tests/peers/nginx/conformance_case.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <boost/algorithm/string/replace.hpp>

#include "core/toml_reading.hpp"

namespace firstfin::testing {

namespace {

template <named_enum Enum>
Enum named(const toml::node& node) {
    const auto value = parse_enum<Enum>(text_of(node));
    if (!value) fail_at(node, value.error().message);
    return *value;
}

double number_of(const toml::node& node) {
    if (const auto value = node.value<double>()) return *value;
    fail_at(node, "a number is needed");
}

const toml::array& array_of(const toml::node& node) {
    if (const auto* list = node.as_array()) return *list;
    fail_at(node, "a list is needed");
}

const toml::table& table_of(const toml::node& node) {
    if (const auto* table = node.as_table()) return *table;
    fail_at(node, "a table is needed");
}

/// A step's table with the play's `each` value put in place of every $.
class fields {
public:
    fields(const toml::table& table, std::string each) : table_(table), each_(std::move(each)) {}

    [[nodiscard]] const toml::node* find(std::string_view key) const { return table_.get(key); }
    [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
    [[nodiscard]] std::string text(const toml::node& node) const {
        return boost::replace_all_copy(text_of(node), "$", each_);
    }
    [[nodiscard]] std::string text(std::string_view key) const { return has(key) ? text(*find(key)) : std::string(); }
    [[nodiscard]] double number(std::string_view key) const { return has(key) ? number_of(*find(key)) : 0; }
    [[nodiscard]] moment since() const { return has("since") ? named<moment>(*find("since")) : moment::answer; }
    [[nodiscard]] const toml::table& table() const { return table_; }

private:
    const toml::table& table_;
    std::string each_;
};

/// "GET /file" or "GET /file 1.0", with the fields given; Host is always there.
send_bytes read_request(const fields& from) {
    auto line = from.text("request");
    std::string version = "1.1";
    if (line.ends_with(" 1.0")) {
        version = "1.0";
        line.resize(line.size() - version.size() - 1);
    }
    send_bytes out;
    out.head = line.starts_with("HEAD ");
    out.text = fmt::format("{} HTTP/{}\r\nHost: conformance\r\n", line, version);
    if (const auto* lines = from.find("fields"))
        for (const auto& each : array_of(*lines))
            out.text += from.text(each) + "\r\n";
    out.text += "\r\n" + from.text("body");
    return out;
}

step read_answer(const fields& from) {
    expect_answer out;
    const auto text = from.text("answer");
    const auto gap = text.find(' ');
    out.status = text.substr(0, gap);
    if (gap != text.npos) out.connection = text.substr(gap + 1);
    out.keep_alive = from.text("keep_alive");
    out.framing = from.text("framing");
    out.cut = from.has("cut");
    out.empty = from.has("empty");
    return out;
}

step read_end(const fields& from) {
    expect_end out;
    out.kind = named<end_kind>(*from.find("end"));
    out.after = from.number("after");
    out.since = from.since();
    if (from.has("tolerance")) out.tolerance = from.number("tolerance");
    out.stalled = from.has("stalled");
    return out;
}

step read_state(const fields& from) {
    const auto state = tcp_state_from_text(from.text("server_state"));
    if (!state) fail_at(*from.find("server_state"), "no such TCP state");
    return expect_server_state{*state, from.number("after"), from.since()};
}

step read_signal(const fields& from) {
    const auto name = from.text("signal");
    if (name == "HUP") return send_signal{SIGHUP};
    if (name == "QUIT") return send_signal{SIGQUIT};
    fail_at(*from.find("signal"), "the signals are HUP and QUIT");
}

step read_beside(const fields& from) {
    const auto text = from.text("beside");
    if (text == "idle") return open_beside{};
    if (text == "closed") return await_beside{};
    fail_at(*from.find("beside"), "idle or closed");
}

step read_late(const fields& from) {
    const auto text = from.text("late");
    if (text != "taken" && text != "RST") fail_at(*from.find("late"), "taken or RST");
    return expect_late_bytes{text == "taken"};
}

step read_step(const toml::node& node, const std::string& each) {
    const fields from(table_of(node), each);
    refuse_unknown_keys(from.table(),
                        {"request",    "fields",  "body",       "send",      "times",        "fill",   "trickle",
                         "every",      "pause",   "half_close", "close",     "signal",       "beside", "answer",
                         "keep_alive", "framing", "cut",        "end",       "after",        "since",  "tolerance",
                         "stalled",    "empty",   "late",       "time_wait", "server_state", "refused"},
                        "a step");
    if (from.has("request")) return read_request(from);
    if (from.has("send")) {
        std::string text;
        const auto times = from.has("times") ? from.number("times") : 1;
        for (int i = 0; i < times; ++i)
            text += from.text("send");
        text.append(static_cast<std::size_t>(from.number("fill")), 'b');
        return send_bytes{text};
    }
    if (from.has("trickle")) return trickle{from.text("trickle"), from.number("every")};
    if (from.has("pause")) return pause_for{from.number("pause")};
    if (from.has("half_close")) return half_close{};
    if (from.has("close")) return close_all{};
    if (from.has("signal")) return read_signal(from);
    if (from.has("beside")) return read_beside(from);
    if (from.has("answer")) return read_answer(from);
    if (from.has("end")) return read_end(from);
    if (from.has("late")) return read_late(from);
    if (from.has("time_wait")) return expect_time_wait{named<party>(*from.find("time_wait"))};
    if (from.has("server_state")) return read_state(from);
    if (from.has("refused")) return expect_refusal{};
    fail_at(node, "no kind of step");
}

std::vector<step> read_steps(const toml::table& table, std::string_view key, const std::string& each) {
    std::vector<step> out;
    if (const auto* list = table.get(key))
        for (const auto& node : array_of(*list))
            out.push_back(read_step(node, each));
    return out;
}

play read_play(const toml::table& table, const std::string& each) {
    refuse_unknown_keys(table, {"port", "each", "steps", "crowd", "crowd_steps", "drained", "proxied"}, "a play");
    play out;
    if (const auto* port = table.get("port")) out.port = static_cast<std::uint16_t>(number_of(*port));
    out.steps = read_steps(table, "steps", each);
    if (const auto* flag = table.get("proxied")) out.proxied = flag->value_or(false);
    if (const auto* size = table.get("crowd")) out.crowd = static_cast<std::size_t>(number_of(*size));
    out.crowd_steps = read_steps(table, "crowd_steps", each);
    if (const auto* list = table.get("drained"))
        for (const auto& node : array_of(*list)) {
            const auto& pair = array_of(node);
            if (pair.size() != 2) fail_at(node, "[client, at which connection]");
            out.drains.push_back(
                {static_cast<std::size_t>(number_of(pair[0])), static_cast<std::size_t>(number_of(pair[1]))});
        }
    return out;
}

/// With `each`, the play is there once for each of its values.
void read_plays(const toml::node& node, std::vector<play>& into) {
    const auto& table = table_of(node);
    if (const auto* values = table.get("each")) {
        for (const auto& value : array_of(*values))
            into.push_back(read_play(table, text_of(value)));
    } else {
        into.push_back(read_play(table, "$"));
    }
}

conformance_case read_case(const toml::node& node) {
    const auto& table = table_of(node);
    refuse_unknown_keys(table, {"number", "name", "since", "main", "events", "http", "server", "upstream", "play"},
                        "a case");
    const fields from(table, "$");
    conformance_case out;
    out.number = static_cast<int>(from.number("number"));
    out.name = from.text("name");
    out.since = from.text("since");
    out.main = from.text("main");
    out.events = from.text("events");
    out.http = from.text("http");
    if (from.has("server")) out.http += fmt::format("server {{\nlisten 8080;\n{}\n}}\n", from.text("server"));
    if (from.has("upstream")) out.upstream = from.number("upstream");
    if (const auto* plays = from.find("play"))
        for (const auto& each : array_of(*plays))
            read_plays(each, out.plays);
    if (out.number == 0 || out.name.empty() || out.http.empty() || out.plays.empty())
        fail_at(node, "a case needs number, name, server or http, and a play");
    return out;
}

}  // namespace

case_file read_cases(const std::filesystem::path& file) {
    const auto document = read_toml_file(file);
    refuse_unknown_keys(document, {"tolerance", "case"}, "the file");
    case_file out;
    if (const auto* node = document.get("tolerance")) {
        const fields from(table_of(*node), "$");
        refuse_unknown_keys(from.table(), {"late", "early", "part"}, "tolerance");
        out.tolerance = {from.number("late"), from.number("early"), from.number("part")};
    }
    if (const auto* list = document.get("case"))
        for (const auto& node : array_of(*list))
            out.cases.push_back(read_case(node));
    return out;
}

}  // namespace firstfin::testing
