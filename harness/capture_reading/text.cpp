#include "harness/capture_reading/text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::capture_reading {

using report::align;
using report::grouped;
using report::paragraph;
using report::shown;
using report::table;

namespace {

constexpr std::size_t servers_listed = 20;

/// Three digits are enough for eyes; JSON and CSV have the nanoseconds.
std::string brief(duration value) {
    const auto seconds = seconds_of(value);
    if (seconds < 1) return fmt::format("{:.1f} ms", seconds * 1e3);
    if (seconds < 1000) return fmt::format("{:.1f} s", seconds);
    return fmt::format("{} s", grouped(static_cast<std::uint64_t>(seconds)));
}

std::string count_of(std::uint64_t number, std::string_view noun) {
    return fmt::format("{} {}{}", grouped(number), noun, number == 1 ? "" : "s");
}

std::string median_of(const std::optional<report::spread>& idle) {
    return idle ? fmt::format(", idle {} median", brief(idle->median)) : std::string{};
}

std::string where(const summary& read) {
    std::set<std::uint16_t> ports;
    for (const auto& [server, counts] : read.servers())
        ports.insert(server.port());
    if (ports.size() == 1) return fmt::format(" on port {}", *ports.begin());
    return ports.size() > 1 ? fmt::format(" on {} server ports", grouped(ports.size())) : std::string{};
}

std::string losses(const report::tally<loss>& lost) {
    std::vector<std::string> parts;
    if (lost[loss::stale_reuse] != 0) parts.push_back(fmt::format("{} stale reuse", grouped(lost[loss::stale_reuse])));
    if (lost[loss::true_race] != 0) parts.push_back(fmt::format("{} true race", grouped(lost[loss::true_race])));
    if (lost[loss::undecided] != 0) parts.push_back(fmt::format("{} undecided", grouped(lost[loss::undecided])));
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string closers(const capture_counts& counts) {
    std::vector<std::pair<std::uint64_t, std::string_view>> parts{{counts.closed_first[party::server], "server"},
                                                                  {counts.closed_first[party::client], "client"},
                                                                  {counts.closed_first[party::both], "both"},
                                                                  {counts.closed_first[party::none], "open"},
                                                                  {counts.unknown, "unknown"}};
    std::erase_if(parts, [](const auto& one) { return one.first == 0; });
    std::ranges::stable_sort(parts, std::greater{}, &std::pair<std::uint64_t, std::string_view>::first);
    std::string out;
    for (const auto& [number, name] : parts)
        out += fmt::format("{}{} {}", out.empty() ? "" : ", ", name, grouped(number));
    return out;
}

std::string server_table(const summary& read, std::size_t width) {
    if (read.servers().size() < 2) return {};
    table rows({{"server", align::left, 0},
                {"connections", align::right, 2},
                {"closed first", align::left, 0},
                {"idle at close", align::right, 3},
                {"reset", align::right, 5},
                {"requests", align::right, 4},
                {"lost requests", align::left, 1}});
    std::vector<const std::pair<const endpoint, capture_counts>*> all;
    for (const auto& one : read.servers())
        all.push_back(&one);
    std::ranges::stable_sort(all, std::greater{}, [](const auto* one) {
        return std::pair(one->second.lost_requests(), one->second.connections);
    });
    for (std::size_t place = 0; place < std::min(all.size(), servers_listed); ++place) {
        const auto& [server, counts] = *all[place];
        const auto idle = counts.idle();
        rows.add_row({to_text(server), grouped(counts.connections), closers(counts), idle ? brief(idle->median) : "-",
                      grouped(counts.ending[ending::reset]), grouped(counts.requests), losses(counts.lost)});
    }
    auto out = "\n" + rows.text(width);
    if (all.size() > servers_listed)
        out += paragraph(fmt::format("and {} more", count_of(all.size() - servers_listed, "server")), width);
    return out;
}

std::string closer_words(const connection_record& one) {
    if (one.kind != connection_kind::connection) return "-";
    const auto closer = one.closed_first();
    if (!closer) return "unknown";
    switch (one.closed_by()) {
        case close_sign::fin:
            return fmt::format("{} FIN", to_text(*closer));
        case close_sign::rst:
            return fmt::format("{} RST", to_text(*closer));
        case close_sign::none:
            break;
    }
    return "nobody";
}

std::string loss_words(loss one) {
    switch (one) {
        case loss::none:
            break;
        case loss::stale_reuse:
            return "stale reuse";
        case loss::true_race:
            return "true race";
        case loss::undecided:
            return "lost";
    }
    return {};
}

std::string note(const connection_record& one) {
    std::vector<std::string_view> parts;
    if (one.impossible) parts.emplace_back("each FIN acknowledges the other");
    if (one.unknown != capture_gap::none)
        parts.push_back(to_text(one.unknown));
    else if (one.mid_connection)
        parts.emplace_back("begins in mid-connection");
    if (one.server_by == server_evidence::none) parts.emplace_back("which end serves is unknown");
    if (one.server_by == server_evidence::lower_port) parts.emplace_back("server by lower port");
    return fmt::format("{}", fmt::join(parts, ", "));
}

std::string ending_words(const connection_record& one) {
    if (one.kind != connection_kind::connection) return std::string(to_text(one.kind));
    return one.ending ? std::string(to_text(*one.ending)) : "unknown";
}

std::string requests_words(const connection_record& one) {
    if (one.counted_by == request_basis::http || one.requests == 0) return grouped(one.requests);
    return count_of(one.requests, "turn");
}

std::string connection_list(const summary& read, std::size_t width) {
    const auto listed = read.listed();
    if (listed.empty()) return {};
    const bool any_loss = std::ranges::any_of(listed, [](const auto& one) { return one.lost != loss::none; });
    const bool any_note = std::ranges::any_of(listed, [](const auto& one) { return !note(one).empty(); });
    std::vector<table::column> columns{{"at", align::right, 6},       {"client", align::left, 0},
                                       {"server", align::left, 3},    {"closed first", align::left, 0},
                                       {"ending", align::left, 4},    {"idle", align::right, 1},
                                       {"requests", align::right, 5}, {"lasted", align::right, 7}};
    if (any_loss) columns.push_back({"lost", align::left, 1});
    if (any_note) columns.push_back({"note", align::left, 2});
    table rows(std::move(columns));
    for (const auto& one : listed) {
        std::vector<std::string> row{fmt::format("{:.3f} s", seconds_of(one.began - read.first_began())),
                                     to_text(one.ends.client),
                                     to_text(one.ends.server),
                                     closer_words(one),
                                     ending_words(one),
                                     one.idle_at_close < duration::zero() ? "-" : brief(one.idle_at_close),
                                     requests_words(one),
                                     brief(one.lasted)};
        if (any_loss) row.push_back(loss_words(one.lost));
        if (any_note) row.push_back(note(one));
        rows.add_row(std::move(row));
    }
    const auto all = read.total().connections + read.total().refused + read.total().unanswered;
    auto out = "\n" + rows.text(width);
    if (all > listed.size())
        out += paragraph(
            fmt::format("{} more: --limit N or --all, or --format jsonl", count_of(all - listed.size(), "connection")),
            width);
    return out;
}

std::string cautions(const capture_facts& facts, const summary& read, std::size_t width) {
    std::vector<std::string> all;
    if (!facts.damage.empty()) all.push_back("warning: " + facts.damage + "; what was read before is reported");
    if (read.impossible() != 0)
        all.push_back(fmt::format("warning: {} whose FINs acknowledge each other, which no two TCPs do",
                                  count_of(read.impossible(), "connection")));
    for (const auto& [why, words] : names_of<capture_gap>)
        if (why != capture_gap::none && read.unknown_because(why) != 0)
            all.push_back(fmt::format("unknown in {}: {}", count_of(read.unknown_because(why), "connection"), words));
    const auto& by = read.server_known_by();
    if (by[server_evidence::lower_port] != 0)
        all.push_back(fmt::format("the server is guessed by its lower port in {}: --port N says it",
                                  count_of(by[server_evidence::lower_port], "connection")));
    if (by[server_evidence::none] != 0)
        all.push_back(
            fmt::format("unknown in {}: which end is the server", count_of(by[server_evidence::none], "connection")));
    if (read.counted_by_turns() != 0)
        all.push_back(fmt::format("requests are counted as the client's turns in {}: no HTTP/1.x can be read there",
                                  count_of(read.counted_by_turns(), "connection")));
    if (read.total().refused != 0) all.push_back(count_of(read.total().refused, "connection attempt") + " refused");
    if (read.total().unanswered != 0)
        all.push_back(count_of(read.total().unanswered, "connection attempt") + " unanswered");
    std::string out;
    for (const auto& one : all)
        out += paragraph(shown(one), width, 2);
    return out.empty() ? out : "\n" + out;
}

}  // namespace

std::string sentence(const summary& read) {
    const auto& total = read.total();
    if (total.connections == 0) return "No TCP connection was found.";
    std::vector<std::pair<std::uint64_t, std::string>> parts;
    for (const auto closer : {side::server, side::client}) {
        const auto number = total.closed_first[party_of(closer)];
        if (number == 0) continue;
        const auto share = 100.0 * number / static_cast<double>(total.connections);
        parts.emplace_back(number, fmt::format("the {} closed {} first ({:.1f} %){}", to_text(closer), grouped(number),
                                               share, median_of(total.idle_of(closer))));
    }
    std::ranges::stable_sort(parts, std::greater{}, &std::pair<std::uint64_t, std::string>::first);
    std::vector<std::string> words;
    for (auto& [number, text] : parts)
        words.push_back(std::move(text));
    if (const auto both = total.closed_first[party::both]; both != 0)
        words.push_back(fmt::format("both closed {} at once", grouped(both)));
    if (const auto open = total.closed_first[party::none]; open != 0)
        words.push_back(fmt::format("{} stayed open", grouped(open)));
    if (total.unknown != 0) words.push_back(fmt::format("of {} it cannot be known", grouped(total.unknown)));
    if (const auto lost = total.lost_requests(); lost != 0)
        words.push_back(fmt::format("{} lost ({})", lost == 1 ? "1 request was" : grouped(lost) + " requests were",
                                    losses(total.lost)));
    else
        words.emplace_back("no request was lost");
    return fmt::format("Of {}{}, {}.", count_of(total.connections, "connection"), where(read), fmt::join(words, "; "));
}

std::string text_report(const capture_facts& facts, const summary& read, const report::text_options& options) {
    const auto span = read.first_began() == duration::max() ? duration::zero() : read.last_ended() - read.first_began();
    auto out =
        paragraph(fmt::format("{}: {}, {}, {}, {}", shown(facts.name), facts.link, count_of(facts.frames, "frame"),
                              count_of(facts.segments, "TCP segment"), brief(span)),
                  options.width, 2);
    out += "\n" + paragraph(sentence(read), options.width);
    out += server_table(read, options.width);
    out += connection_list(read, options.width);
    return out + cautions(facts, read, options.width);
}

}  // namespace firstfin::capture_reading
