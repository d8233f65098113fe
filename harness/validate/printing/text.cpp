#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/printing/excerpt.hpp"
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

std::string painted(severity level, bool colour) {
    const auto word = std::string(to_text(level));
    if (!colour) return word;
    switch (level) {
        case severity::error:
            return "\x1b[1;31m" + word + "\x1b[0m";
        case severity::warning:
            return "\x1b[1;33m" + word + "\x1b[0m";
        default:
            return "\x1b[1;36m" + word + "\x1b[0m";
    }
}

std::string named(const std::vector<std::string>& hops) {
    std::vector<std::string> first;
    for (std::size_t i = 0; i < std::min(hops.size(), hops_named); ++i)
        first.push_back(shown(hops[i]));
    auto out = fmt::format("{}", fmt::join(first, ", "));
    if (hops.size() > hops_named) out += fmt::format(" and {} more", hops.size() - hops_named);
    return out;
}

std::string in_full(const finding& one, const validation& of, const source_places& places,
                    const report::text_options& how) {
    // Never wrapped: editors and terminals look for it.
    auto out = fmt::format("{}: {} [{}]\n", place_of(one, of.read), painted(one.level, how.colour), one.rule);
    out += excerpt(one.where, places, how.width);
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
                                     shown(in_words(of.asked.system))),
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
    std::string unknown;
    for (const auto& one : rows_of(of)) {
        rows.add_row({one.hop, one.peer, one.first, one.when, one.time_wait, one.lost});
        if (!one.says.empty()) unknown += paragraph(fmt::format("{}: {}", one.hop, one.says), width, 2);
    }
    if (rows.empty()) return paragraph("No hop: nothing listens, and nothing is passed on.", width);
    return rows.text(width) + unknown;
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

std::string counts_of(const validation& of, std::size_t width) {
    std::map<severity, std::size_t> number;
    std::size_t ignored = 0;
    for (const auto& one : of.findings)
        one.ignored ? ++ignored : ++number[one.level];
    const auto some = [&](severity level) {
        const auto count = number[level];
        return fmt::format("{} {}{}", count, to_text(level), count == 1 ? "" : "s");
    };
    return paragraph(fmt::format("{}, {}, {}{}", some(severity::error), some(severity::warning), some(severity::note),
                                 ignored == 0 ? "" : fmt::format("; {} ignored", ignored)),
                     width);
}

}  // namespace

std::string as_text(const validation& of, const report::text_options& how) {
    auto out = heading(of, how.width) + table_of(of, how.width) + "\n";
    // The worst first; within a severity the order of the files.
    const source_places places(of.read);
    std::vector<const finding*> order;
    for (const auto& one : of.findings)
        if (!one.ignored) order.push_back(&one);
    std::ranges::stable_sort(order, std::greater{}, [](const finding* one) { return one->level; });
    for (const auto* one : order)
        out += in_full(*one, of, places, how) + "\n";
    for (const auto& one : of.findings)
        if (one.ignored)
            out += paragraph(fmt::format("ignored: {} [{}]: {}", place_of(one, of.read), one.rule, shown(*one.ignored)),
                             how.width, 2);
    out += unjudged_of(of, how.width);
    for (std::size_t i = 0; i < std::min(of.remarks.size(), remarks_listed); ++i)
        out += paragraph("remark: " + shown(of.remarks[i]), how.width, 2);
    if (of.remarks.size() > remarks_listed)
        out += paragraph(fmt::format("and {} more remarks (--format json has all)", of.remarks.size() - remarks_listed),
                         how.width);
    out += counts_of(of, how.width);
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

std::string rules_text(std::size_t width, std::span<const rule> rules) {
    report::table lines({{"rule"}, {"worst", report::align::left, 2}, {"title", report::align::left, 1}});
    for (const auto& one : rules)
        lines.add_row({std::string(one.id), std::string(to_text(one.highest)), std::string(one.title)});
    return lines.text(width);
}

}  // namespace firstfin::validate::printing
