#include <fmt/format.h>

#include <boost/json.hpp>

#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/validate/measure/answers.hpp"
#include "harness/validate/printing/rows.hpp"

namespace firstfin::validate::measure {

namespace {

namespace json = boost::json;

std::string who(model::closer which, bool inward) {
    if (which == model::closer::undecided) return "either";
    if (which == model::closer::nobody) return "nobody";
    return std::string(printing::side_of(which, inward));
}

std::uint32_t nginx_first(const answer& one) {
    return one.about.inward ? one.server_first : one.client_first;
}
std::uint32_t peer_first(const answer& one) {
    return one.about.inward ? one.client_first : one.server_first;
}

std::string shares(const answer& one) {
    std::string out;
    const auto add = [&](std::string_view name, std::uint32_t number) {
        if (number != 0) out += fmt::format("{}{} {}/{}", out.empty() ? "" : ", ", name, number, one.trials);
    };
    add("nginx", nginx_first(one));
    add("peer", peer_first(one));
    add("both", one.crossed);
    return out.empty() ? (one.trials == 0 ? "-" : "nobody") : out;
}

/// Back to life's size: what was measured took `scale` of it.
std::string moment(const answer& one, double scale) {
    if (!one.idle_at_close) return "-";
    return fmt::format("{:.2f} s", seconds_of(one.idle_at_close->median) / scale);
}

std::string waits(const answer& one) {
    std::string out;
    if (one.nginx_waits != 0) out += fmt::format("nginx {}/{}", one.nginx_waits, one.trials);
    if (one.peer_waits != 0) out += fmt::format("{}peer {}/{}", out.empty() ? "" : ", ", one.peer_waits, one.trials);
    return out.empty() ? (one.trials == 0 ? "-" : "nobody") : out;
}

std::string agreement(const answer& one) {
    std::string out = one.as_predicted ? (*one.as_predicted ? "yes" : "NO") : one.trials == 0 ? "-" : "open";
    if (one.conflicts != 0) out += fmt::format(", {} conflicts", one.conflicts);
    if (one.invalid != 0) out += fmt::format(", {} invalid", one.invalid);
    return out;
}

/// What a request meets that is under way when the limit runs out.
std::string edge_in_words(const answer& one) {
    const auto lost = one.requests.stale_reuse + one.requests.true_race;
    return fmt::format(
        "{}{} with {}: of {} requests ({}) that were under way when the limit ran out, on a link of {}, {} {} "
        "lost",
        one.about.inward ? "" : "-> ", report::shown(one.about.hop), report::shown(one.about.peer), one.trials,
        one.about.what.method, to_text(one.about.link_delay), lost, lost == 1 ? "was" : "were");
}

}  // namespace

std::string as_text(const answers& of, std::size_t width) {
    report::table rows({{"hop"},
                        {"peer"},
                        {"predicted"},
                        {"measured first"},
                        {"after", report::align::right, 2},
                        {"TIME_WAIT", report::align::left, 3},
                        {"as predicted", report::align::left, 1}});
    std::size_t judged = 0;
    std::size_t held = 0;
    std::string edges;
    for (const auto& one : of.rows) {
        if (one.about.at_edge) {
            if (one.why_not.empty() && one.trials != 0) edges += report::paragraph(edge_in_words(one), width, 2);
            continue;
        }
        judged += one.as_predicted ? 1U : 0U;
        held += one.as_predicted == true ? 1U : 0U;
        rows.add_row({(one.about.inward ? "" : "-> ") + report::shown(one.about.hop), report::shown(one.about.peer),
                      who(one.about.ahead.first, one.about.inward), shares(one), moment(one, of.time_scale), waits(one),
                      agreement(one)});
    }
    auto out = rows.empty() ? std::string() : rows.text(width) + "\n";
    out += edges.empty() ? "" : edges + "\n";
    if (of.time_scale != 1)
        out +=
            report::paragraph(fmt::format("Measured SCALED: {:.3g} of real time; times above are scaled back. Built-in "
                                          "server and client played nginx and its peers ({}).",
                                          of.time_scale, of.sandbox),
                              width);
    else
        out += report::paragraph(
            fmt::format("Measured in real time. Built-in server and client played nginx and its peers ({}).",
                        of.sandbox),
            width);
    for (const auto& one : of.rows)
        if (!one.why_not.empty())
            out += report::paragraph(fmt::format("not measured: {} with {}: {}", report::shown(one.about.hop),
                                                 report::shown(one.about.peer), one.why_not),
                                     width, 2);
    for (const auto& one : of.left)
        out += report::paragraph(fmt::format("not measured: {}{}: {}", report::shown(one.hop),
                                             one.peer.empty() ? "" : " with " + report::shown(one.peer), one.why),
                                 width, 2);
    return out + fmt::format("{} of {} predictions held\n", held, judged);
}

std::string as_json(const answers& of) {
    json::array rows;
    for (const auto& one : of.rows) {
        json::object row{{"hop", nginx_conf::printable(one.about.hop)},
                         {"direction", one.about.inward ? "in" : "out"},
                         {"peer", nginx_conf::printable(one.about.peer)},
                         {"predicted", who(one.about.ahead.first, one.about.inward)},
                         {"trials", one.trials},
                         {"first", {{"nginx", nginx_first(one)}, {"peer", peer_first(one)}, {"both", one.crossed}}},
                         {"time_wait", {{"nginx", one.nginx_waits}, {"peer", one.peer_waits}}},
                         {"conflicts", one.conflicts},
                         {"invalid", one.invalid}};
        row["idle_at_close_s"] = one.idle_at_close ? json::value(seconds_of(one.idle_at_close->median) / of.time_scale)
                                                   : json::value(nullptr);
        row["as_predicted"] = one.as_predicted ? json::value(*one.as_predicted) : json::value(nullptr);
        row["scenario"] =
            one.about.at_edge ? "a request under way when the limit runs out" : to_text(one.about.what.kind);
        row["requests"] = {{"sent", one.requests.sent},
                           {"answered", one.requests.answered},
                           {"stale_reuse", one.requests.stale_reuse},
                           {"true_race", one.requests.true_race}};
        if (!one.why_not.empty()) row["not_measured"] = one.why_not;
        rows.emplace_back(std::move(row));
    }
    json::array left;
    for (const auto& one : of.left)
        left.emplace_back(json::object{
            {"hop", nginx_conf::printable(one.hop)}, {"peer", nginx_conf::printable(one.peer)}, {"why", one.why}});
    return json::serialize(json::object{{"schema", 1},
                                        {"time_scale", of.time_scale},
                                        {"sandbox", of.sandbox},
                                        {"hops", std::move(rows)},
                                        {"not_measured", std::move(left)}}) +
           "\n";
}

}  // namespace firstfin::validate::measure
