#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/printing/printing.hpp"
#include "harness/validate/printing/rows.hpp"

namespace firstfin::validate::printing {

namespace {

using report::paragraph;
using report::shown;

constexpr std::size_t hops_named = 3;
constexpr std::size_t remarks_listed = 20;

std::string place_of(const finding& one, const nginx_conf::configuration& read) {
    if (!one.where.is_known()) return shown(judged_name(read));
    return fmt::format("{}:{}:{}", shown(read.files.at(one.where.file)), one.where.line, one.where.column);
}

std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (std::uint32_t line = 1; line < number; ++line) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

std::size_t word_length(std::string_view from) {
    const auto end = from.find_first_of(" \t\r;{}");
    return std::max<std::size_t>(1, end == std::string_view::npos ? from.size() : end);
}

/// The line of the configuration with a caret under the word. Long lines are cut around it.
std::string excerpt(const finding& one, const nginx_conf::configuration& read, std::size_t width) {
    if (!one.where.is_known()) return {};
    auto line = line_of(read.texts.at(one.where.file), one.where.line);
    std::size_t column = one.where.column - 1;
    if (column > line.size()) return {};
    const auto number = fmt::format("{:>6} | ", one.where.line);
    const auto room = width > number.size() + 20 ? width - number.size() - 1 : 20;
    const auto first = line.find_first_not_of(" \t");
    auto from = std::min(first == std::string_view::npos ? 0 : first, column);
    if (column - from > room / 2) from = column - room / 2;
    line.remove_prefix(from);
    column -= from;
    const auto length = std::min(word_length(line.substr(column)), room);
    const auto before = report::display_width(shown(line.substr(0, column)));
    auto text = shown(line.substr(0, std::min(line.size(), room)));
    while (report::display_width(text) > room)
        text.pop_back();
    return fmt::format("{}{}\n{:>9}{:>{}}{}\n", number, text, "| ", "", before, std::string(length, '^'));
}

class painter {
public:
    explicit painter(bool colour) : colour_(colour) {}
    [[nodiscard]] std::string level(severity of) const {
        const auto word = std::string(to_text(of));
        if (!colour_) return word;
        const auto* code = of == severity::error ? "\x1b[1;31m" : of == severity::warning ? "\x1b[1;33m" : "\x1b[1;36m";
        return code + word + "\x1b[0m";
    }

private:
    bool colour_;
};

std::string named(const std::vector<std::string>& hops) {
    std::vector<std::string> first;
    for (std::size_t i = 0; i < std::min(hops.size(), hops_named); ++i)
        first.push_back(shown(hops[i]));
    auto out = fmt::format("{}", fmt::join(first, ", "));
    if (hops.size() > hops_named) out += fmt::format(" and {} more", hops.size() - hops_named);
    return out;
}

std::string in_full(const finding& one, const validation& of, const report::text_options& how) {
    const painter paint(how.colour);
    auto out = fmt::format("{}: {} [{}]\n", place_of(one, of.read), paint.level(one.level), one.rule);
    out += excerpt(one, of.read, how.width);
    const auto narrow = how.width > 4 ? how.width - 4 : how.width;
    const auto line = [&](const std::string& text) { out += "    " + paragraph(text, narrow, 4); };
    line(shown(one.text) + (one.confidence.empty() ? "" : fmt::format(" (profile: {})", one.confidence)));
    if (!one.advice.empty()) line("fix: " + shown(one.advice));
    if (!one.hops.empty()) line("hops: " + named(one.hops));
    return out;
}

std::string heading(const validation& of, std::size_t width) {
    auto out = paragraph(fmt::format("{}: nginx {}{}, {}", shown(judged_name(of.read)), to_text(of.asked.version),
                                     of.asked.version_given ? "" : " (newest known; --nginx-version names another)",
                                     in_words(of.asked.system)),
                         width, 2);
    const auto& traffic = of.asked.traffic;
    std::vector<std::string> said;
    if (traffic.rate) said.push_back(fmt::format("{} requests/s on every hop", *traffic.rate));
    for (const auto& [hop, rate] : traffic.rates)
        said.push_back(fmt::format("{} requests/s on {}", rate, shown(hop)));
    if (traffic.connections) said.push_back(fmt::format("{} clients connected", report::grouped(*traffic.connections)));
    if (traffic.reloads_per_hour) said.push_back(fmt::format("{} reloads an hour", *traffic.reloads_per_hour));
    if (!said.empty())
        out += paragraph(
            fmt::format("traffic: {}; a request takes {}", fmt::join(said, ", "), to_text(traffic.latency)), width, 2);
    return out + "\n";
}

std::string table_of(const validation& of, std::size_t width) {
    report::table rows({{"hop"},
                        {"peer"},
                        {"closes first"},
                        {"after", report::align::left, 2},
                        {"TIME_WAIT", report::align::left, 3},
                        {"requests lost", report::align::left, 1}});
    for (const auto& one : rows_of(of))
        rows.add_row({one.hop, one.peer, one.first, one.when, one.time_wait, one.lost});
    return rows.empty() ? std::string("No hop: nothing listens, and nothing is passed on.\n") : rows.text(width);
}

std::string unjudged_of(const validation& of, std::size_t width) {
    std::map<std::string, std::vector<std::string>> by_need;
    for (const auto& one : of.not_judged)
        by_need[one.needs].push_back(one.rule);
    std::string out;
    for (const auto& [need, rules] : by_need)
        out += paragraph(fmt::format("not judged, needs {}: {}", shown(need), fmt::join(rules, ", ")), width, 2);
    return out;
}

std::string counts_of(const validation& of) {
    std::map<severity, std::size_t> number;
    std::size_t ignored = 0;
    for (const auto& one : of.findings)
        one.ignored ? ++ignored : ++number[one.level];
    const auto some = [&](severity level) {
        const auto count = number[level];
        return fmt::format("{} {}{}", count, to_text(level), count == 1 ? "" : "s");
    };
    return fmt::format("{}, {}, {}{}\n", some(severity::error), some(severity::warning), some(severity::note),
                       ignored == 0 ? "" : fmt::format("; {} ignored", ignored));
}

}  // namespace

std::string as_text(const validation& of, const report::text_options& how) {
    auto out = heading(of, how.width) + table_of(of, how.width) + "\n";
    // The worst first; within a severity the order of the files.
    std::vector<const finding*> order;
    for (const auto& one : of.findings)
        if (!one.ignored) order.push_back(&one);
    std::ranges::stable_sort(order, std::greater{}, [](const finding* one) { return one->level; });
    for (const auto* one : order)
        out += in_full(*one, of, how) + "\n";
    for (const auto& one : of.findings)
        if (one.ignored)
            out += paragraph(fmt::format("ignored: {} [{}]: {}", place_of(one, of.read), one.rule, shown(*one.ignored)),
                             how.width, 2);
    out += unjudged_of(of, how.width);
    for (std::size_t i = 0; i < std::min(of.remarks.size(), remarks_listed); ++i)
        out += paragraph("remark: " + shown(of.remarks[i]), how.width, 2);
    if (of.remarks.size() > remarks_listed)
        out += fmt::format("and {} more remarks (--format json has all)\n", of.remarks.size() - remarks_listed);
    out += counts_of(of);
    if (!order.empty())
        out += paragraph("firstfin validate --why RULE explains a rule; --fix shows safe changes", how.width);
    return out;
}

std::string why_text(const rule& one, std::size_t width) {
    auto out = paragraph(fmt::format("{} ({}): {}", one.id, to_text(one.highest), one.title), width, 2) + "\n";
    out += paragraph(std::string(one.why), width) + "\n";
    out += paragraph(fmt::format("Fix: {}.", one.mend), width, 5);
    out += paragraph(fmt::format("Source: {}", one.source), width, 8);
    return out;
}

std::string rules_text(std::size_t width) {
    report::table rows({{"rule"}, {"worst", report::align::left, 2}, {"title", report::align::left, 1}});
    for (const auto& one : all_rules())
        rows.add_row({std::string(one.id), std::string(to_text(one.highest)), std::string(one.title)});
    return rows.text(width);
}

}  // namespace firstfin::validate::printing
