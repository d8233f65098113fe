#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/explain/explanation.hpp"
#include "harness/explain/words.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::explain {

using firstfin::to_text;  // beside the one of this namespace

using report::display_width;
using report::paragraph;
using report::shown;
using report::wrapped;

namespace {

// TIME  STATE  lane  STATE: a sequence and an acknowledgment number side by side need a lane of 41 columns.
constexpr std::size_t narrowest_picture = 78;
constexpr std::size_t widest_picture = 100;
constexpr std::size_t time_columns = 12;
constexpr std::size_t state_columns = 11;
constexpr std::size_t beside_lane = time_columns + 1 + state_columns + 1 + 1 + state_columns;
constexpr std::size_t lane_indent = 2;

std::string seq_text(const rung& one) {
    return fmt::format("seq {} ({})", one.seq, one.segment.seq);
}
/// The field is there in every segment; it means something only under the flag.
std::string ack_text(const rung& one) {
    if (one.ack) return fmt::format("ack {} ({})", *one.ack, one.segment.ack);
    return fmt::format("ack - ({}, no ACK flag)", one.segment.ack);
}
std::string flags_text(const rung& one) {
    return fmt::format("{} {}", flag_names(one.segment.flags), flag_number(one.segment.flags));
}
std::string message_text(const message_line& one) {
    const auto line = shown(one.text) + (one.cut ? "..." : "");
    switch (one.what) {
        case message_line::kind::request:
        case message_line::kind::response:
            return line;
        case message_line::kind::other:
            return fmt::format("bytes, no HTTP request line: \"{}\"", line);
        case message_line::kind::none:
            break;
    }
    return {};
}

std::string table_text(const witness::state_sample& one) {
    return fmt::format("{}'s socket table, asked: {}", to_text(one.of),
                       one.state ? textbook_name(*one.state) : std::string_view("no such connection"));
}

void pad_to(std::string& line, std::size_t width, char with = ' ') {
    const auto columns = display_width(line);
    if (columns < width) line.append(width - columns, with);
}

void end_line(std::string& out, std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
}

/// The ladder with time at the left and a state on either side.
class wide_picture {
public:
    explicit wide_picture(std::size_t width) : width_(width), lane_(std::min(width, widest_picture) - beside_lane) {}

    [[nodiscard]] std::string text(const explanation& one) {
        const auto& tuple = one.trial.timeline.tuple;
        ends("", "client", "server");
        addresses(to_text(tuple.client), to_text(tuple.server));
        if (!one.trial.timeline.segments.empty())
            ends("", textbook_name(one.picture.before.client), textbook_name(one.picture.before.server));
        for (const auto& each : one.picture.steps)
            std::visit([&](const auto& what) { add(each.at, what); }, each.what);
        return std::move(out_);
    }

private:
    void ends(std::string_view time, std::string_view client, std::string_view server, std::string_view lane = {}) {
        std::string line = fmt::format("{:>{}} {:<{}} ", time, time_columns, client, state_columns);
        line += lane;
        pad_to(line, beside_lane - state_columns - 1 + lane_);
        end_line(out_, line + " " + std::string(server));
    }
    void addresses(const std::string& client, const std::string& server) {
        const auto room = state_columns + lane_ + state_columns + 2;
        std::string line(time_columns + 1, ' ');
        if (client.size() + server.size() + 1 > room) {  // two long IPv6 addresses
            end_line(out_, line + client);
            line.append(room - std::min(room, server.size()), ' ');
            return end_line(out_, line + server);
        }
        line += client;
        pad_to(line, time_columns + 1 + room - server.size());
        end_line(out_, line + server);
    }
    /// Below an arrow, in the lane.
    void beside(const std::string& text) {
        for (const auto& part : wrapped(text, lane_ - lane_indent))
            end_line(out_, std::string(beside_lane - state_columns - 1 + lane_indent, ' ') + part);
    }
    void remark(duration at, std::string_view text) {
        const auto indent = time_columns + 1;
        bool first = true;
        for (const auto& part : wrapped(text, width_ - indent - 2)) {
            end_line(out_,
                     fmt::format("{:>{}} {}{}", first ? moment_text(at) : "", time_columns, first ? "" : "  ", part));
            first = false;
        }
    }

    void add(duration at, const rung& one) {
        const bool to_right = one.segment.from == side::client;
        auto arrow = fmt::format("{} {} len {} ", to_right ? "--" : "<-", flags_text(one), one.segment.payload);
        pad_to(arrow, lane_ - 1, '-');
        arrow += to_right ? '>' : '-';
        ends(moment_text(at), textbook_name(one.after.client), textbook_name(one.after.server), arrow);
        const auto numbers = seq_text(one) + " " + ack_text(one);
        if (display_width(numbers) <= lane_ - lane_indent) {
            beside(numbers);
        } else {
            beside(seq_text(one));
            beside(ack_text(one));
        }
        if (one.message.what != message_line::kind::none) beside(message_text(one.message));
    }
    void add(duration at, const witness::subject_event& one) {
        remark(at, fmt::format("* {} says: {}", to_text(one.from), event_text(one)));
    }
    void add(duration at, const witness::state_sample& one) { remark(at, "# " + table_text(one)); }

    std::size_t width_;
    std::size_t lane_;
    std::string out_;
};

/// The same facts, a step a block.
class narrow_picture {
public:
    explicit narrow_picture(std::size_t width) : width_(width) {}

    [[nodiscard]] std::string text(const explanation& one) {
        const auto& tuple = one.trial.timeline.tuple;
        put("client " + to_text(tuple.client));
        put("server " + to_text(tuple.server));
        if (!one.trial.timeline.segments.empty()) states(one.picture.before, 0);
        for (const auto& each : one.picture.steps)
            std::visit([&](const auto& what) { add(each.at, what); }, each.what);
        return std::move(out_);
    }

private:
    void put(std::string_view text, std::size_t indent = 0) {
        for (const auto& part : wrapped(text, width_ - indent))
            end_line(out_, std::string(indent, ' ') + part);
    }
    void states(const side_states& now, std::size_t indent) {
        put(fmt::format("{} | {}", textbook_name(now.client), textbook_name(now.server)), indent);
    }
    void add(duration at, const rung& one) {
        put(fmt::format("{} {}", moment_text(at),
                        one.segment.from == side::client ? "client --> server" : "client <-- server"));
        put(fmt::format("{} len {}", flags_text(one), one.segment.payload), 2);
        put(seq_text(one), 2);
        put(ack_text(one), 2);
        if (one.message.what != message_line::kind::none) put(message_text(one.message), 2);
        states(one.after, 2);
    }
    void add(duration at, const witness::subject_event& one) {
        put(moment_text(at));
        put(fmt::format("* {} says: {}", to_text(one.from), event_text(one)), 2);
    }
    void add(duration at, const witness::state_sample& one) {
        put(moment_text(at));
        put("# " + table_text(one), 2);
    }

    std::size_t width_;
    std::string out_;
};

std::string heading(const explanation& one, std::size_t width) {
    const auto& run = one.run;
    auto out = paragraph(shown(run.title.empty() ? run.name : run.title), width);
    std::vector<std::string> settings;
    for (const auto& [name, value] : one.distinctive)
        settings.push_back(shown(name) + "=" + shown(value));
    out += paragraph(fmt::format("{}: cell {} of {} ({}), trial {} of {} (from 0){}; time scale {}{}", shown(run.name),
                                 one.number, one.cells, shown(one.cell.id), one.trial.number, run.replicates,
                                 settings.empty() ? "" : fmt::format("; {}", fmt::join(settings, ", ")), run.time_scale,
                                 run.time_scale == 1 ? "" : " (SCALED)"),
                     width, 2);
    return out + "\n";
}

std::string legend(const explanation& one, std::size_t width) {
    const auto& seen = one.trial.timeline;
    std::string out;
    if (!seen.segments.empty()) {
        out +=
            "seq and ack are the sequence and the acknowledgment number (the next byte expected), counted from each "
            "side's "
            "SYN, raw in parentheses; the ACK flag (0x010) is another thing: it only says that the number counts. ";
        out += width < narrowest_picture ? "STATE | STATE: client and server, " : "The states at both sides are ";
        out += "derived from the wire (RFC 9293, figure 5), after each segment. ";
        if (!seen.segments.front().has(witness::tcp_flag::syn))
            out += "The capture begins after the handshake: ESTABLISHED is assumed. ";
    } else if (seen.wire_watched) {
        out += "No segment of this connection was captured. ";
    } else {
        out += "This sandbox has no capture: no segments, and no states derived from them. ";
    }
    out += "Lines with * are what the two programs say, with # what a kernel answered when asked.";
    if (!one.captured && !seen.segments.empty())
        out += " The run's capture.pcap is gone: HTTP messages are known from the programs' words alone.";
    for (const auto& trouble : one.capture_troubles)
        out += " HTTP messages may be missing: " + shown(trouble) + ".";
    return "\n" + paragraph(out, width);
}

std::string judgement(const explanation& one, std::size_t width) {
    const auto& seen = one.trial.verdict;
    std::string out = "\n";
    if (!seen.invalid.empty())
        out += paragraph("INVALID: " + shown(seen.invalid) + ". The instrument failed; what follows counts nowhere.",
                         width, 2);
    if (!seen.conflict.empty())
        out += paragraph("CONFLICT between strong statements: " + shown(seen.conflict), width, 2);
    out += paragraph("verdict: " + verdict_text(seen), width, 2);
    for (const auto& fault : one.trial.timeline.faults)
        if (fault != seen.invalid) out += paragraph("fault: " + shown(fault), width, 2);
    if (seen.statements.empty()) return out + paragraph("evidence: none", width, 2);
    out += paragraph("evidence (who was first?):", width);
    for (const auto& each : seen.statements) {
        const auto text = fmt::format("{} {}: {}, so {}", each.strong ? "strong" : "weak", to_text(each.from),
                                      shown(each.text), possible_text(each));
        std::string_view indent = "  ";
        for (const auto& line : wrapped(text, width - 4)) {
            out += fmt::format("{}{}\n", indent, line);
            indent = "    ";
        }
    }
    return out;
}

std::string prediction(const explanation& one, std::size_t width) {
    auto text = "prediction: " + shown(one.cell.predicted);
    if (!one.predicted_why.empty()) text += ", because " + shown(one.predicted_why);
    switch (check_prediction(one)) {
        case prediction_check::holds:
            text += "; it holds";
            break;
        case prediction_check::fails:
            text += "; it DOES NOT HOLD here";
            break;
        case prediction_check::not_judged:
            text += "; not judged here";
            break;
    }
    return paragraph(text, width, 2);
}

}  // namespace

std::string to_text(const explanation& one, const report::text_options& options) {
    const auto width = options.width;
    auto out = heading(one, width);
    out += width >= narrowest_picture ? wide_picture(width).text(one) : narrow_picture(width).text(one);
    return out + legend(one, width) + judgement(one, width) + prediction(one, width);
}

}  // namespace firstfin::explain
