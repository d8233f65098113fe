#include "harness/measure/measure.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <tuple>

#include "harness/measure/connection_facts.hpp"

namespace firstfin::measure {

namespace {

using store::trial_record;

template <named_enum Enum>
auto of_verdict(Enum verdict::*part) {
    return [part](const trial_record& one) {
        return std::optional(reading{std::string(to_text(one.verdict.*part)), 0});
    };
}

auto word_of(std::string (*fact)(const witness::timeline&)) {
    return [fact](const trial_record& one) -> std::optional<reading> {
        auto word = fact(one.timeline);
        if (word.empty()) return std::nullopt;
        return reading{std::move(word), 0};
    };
}

auto word_of_side(std::string (*fact)(const witness::timeline&, side), side which) {
    return [fact, which](const trial_record& one) -> std::optional<reading> {
        auto word = fact(one.timeline, which);
        if (word.empty()) return std::nullopt;
        return reading{std::move(word), 0};
    };
}

/// Shared by the answered requests of the connection; nothing when there were none.
auto per_request(double (*total)(const witness::timeline&)) {
    return [total](const trial_record& one) -> std::optional<reading> {
        if (one.verdict.requests.answered == 0) return std::nullopt;
        return reading{{}, total(one.timeline) / one.verdict.requests.answered};
    };
}

auto length_of(tcp_state state) {
    return [state](const trial_record& one) -> std::optional<reading> {
        const auto length = time_in_table(one.timeline, state);
        if (!length) return std::nullopt;
        return reading{{}, seconds_of(*length)};
    };
}

std::optional<reading> idle_at_close(const trial_record& one) {
    if (!one.verdict.idle_at_close) return std::nullopt;
    return reading{{}, seconds_of(*one.verdict.idle_at_close)};
}

std::optional<reading> closing_segments(const trial_record& one) {
    const auto count = segments_of_closing(one.timeline);
    if (count == 0) return std::nullopt;
    return reading{{}, static_cast<double>(count)};
}

auto sockets_of(side which) {
    return [which](const last_counts& counts) -> std::optional<reading> {
        auto word = sockets_by_state(counts.of_stages, which);
        if (word.empty()) return std::nullopt;
        return reading{std::move(word), 0};
    };
}

std::vector<measure> make_all() {
    constexpr bool wire = true;
    const auto word = [](std::string_view name, std::string_view what, bool needs_wire, auto of_trial) {
        return measure{name, what, unit::word, needs_wire, false, std::move(of_trial), {}};
    };
    const auto number = [](std::string_view name, std::string_view what, auto of_trial) {
        return measure{name, what, unit::number, wire, false, std::move(of_trial), {}};
    };
    std::vector<measure> out;
    out.push_back(word("first_fin", "side of the first FIN", false, of_verdict(&verdict::first_fin)));
    out.push_back(word("time_wait", "side in TIME_WAIT", false, of_verdict(&verdict::time_wait)));
    out.push_back(word("ending", "how the connection ended", false, of_verdict(&verdict::ending)));
    out.push_back(word("reset", "side of the RST", false, of_verdict(&verdict::reset)));
    out.push_back(word("handshake", "the first three segments", wire, word_of(opening_segments)));
    out.push_back(word("handshake_numbers", "what the handshake acknowledges", wire, word_of(opening_numbers)));
    for (const auto& [which, opening, closing, table] :
         {std::tuple{side::client, "client_opening", "client_closing", "client_table"},
          std::tuple{side::server, "server_opening", "server_closing", "server_table"}}) {
        out.push_back(word(opening, "states up to ESTABLISHED", wire, word_of_side(opening_states, which)));
        out.push_back(word(closing, "states after ESTABLISHED", wire, word_of_side(closing_states, which)));
        out.push_back(word(table, "last answer of the side's socket table", false, word_of_side(last_in_table, which)));
    }
    out.push_back(word("response_says", "close or keep-alive, in the last response", false, word_of(response_says)));
    out.push_back(number("closing_segments", "segments from the first FIN on", closing_segments));
    out.push_back(number("handshakes_per_request", "handshakes an answered request", per_request(count_handshakes)));
    out.push_back(number("segments_per_request", "segments an answered request", per_request(count_segments)));
    out.push_back(number("bytes_per_request", "bytes of IP packets an answered request", per_request(count_bytes)));
    out.push_back(
        {"idle_at_close", "last response byte to first FIN or RST", unit::seconds, false, true, idle_at_close, {}});
    out.push_back({"client_age",
                   "a client program's start to its first request",
                   unit::seconds,
                   true,
                   false,
                   [](const trial_record& one) {
                       return one.client_age ? std::optional(reading{{}, seconds_of(*one.client_age)}) : std::nullopt;
                   },
                   {}});
    out.push_back({"time_wait_length",
                   "time in TIME_WAIT ([run] follow_tables = true)",
                   unit::seconds,
                   false,
                   false,
                   length_of(tcp_state::time_wait),
                   {}});
    out.push_back({"fin_wait_2_length",
                   "time in FIN_WAIT_2 ([run] follow_tables = true)",
                   unit::seconds,
                   false,
                   false,
                   length_of(tcp_state::fin_wait_2),
                   {}});
    out.push_back({"server_sockets",
                   "the server's sockets by state at the end of the run",
                   unit::word,
                   false,
                   false,
                   {},
                   sockets_of(side::server)});
    out.push_back({"client_sockets",
                   "the client's sockets by state at the end of the run",
                   unit::word,
                   false,
                   false,
                   {},
                   sockets_of(side::client)});
    return out;
}

template <named_enum Enum>
bool is_one_of(std::string_view text) {
    return parse_enum<Enum>(text).has_value();
}

template <named_enum Enum>
std::string list_of() {
    std::vector<std::string_view> out;
    for (const auto& one : names_of<Enum>)
        out.push_back(one.name);
    return fmt::format("{}", fmt::join(out, ", "));
}

result<expected> parse_word(const measure& of, std::string_view text) {
    const auto refuse = [&](const std::string& choices) {
        return parse_error(fmt::format("'{}' is no {}: expected {} or undecided", text, of.name, choices));
    };
    if (of.name == "ending" && !is_one_of<ending>(text)) return refuse(list_of<ending>());
    const bool party_like = of.name == "first_fin" || of.name == "time_wait" || of.name == "reset";
    if (party_like && !is_one_of<party>(text)) return refuse(list_of<party>());
    if (of.name == "response_says" && text != "close" && text != "keep-alive") return refuse("close, keep-alive");
    if (text.empty()) return refuse("a value");
    return expected{std::string(text), 0, 0};
}

result<double> parse_amount(const measure& of, std::string_view text) {
    if (of.in == unit::seconds) {
        const auto value = parse_duration(text);
        if (!value) return value.error();
        return seconds_of(*value);
    }
    double out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc{} || end != text.data() + text.size())
        return parse_error(fmt::format("'{}' is no number: {} expects one, or a range such as 3..4", text, of.name));
    return out;
}

}  // namespace

std::span<const measure> all() {
    static const auto every = make_all();
    return every;
}

const measure* find(std::string_view name) {
    const auto found = std::ranges::find(all(), name, &measure::name);
    return found == all().end() ? nullptr : &*found;
}

std::string names() {
    std::vector<std::string_view> out;
    for (const auto& one : all())
        out.push_back(one.name);
    return fmt::format("{}", fmt::join(out, ", "));
}

result<expected> parse_expected(const measure& of, std::string_view text) {
    if (of.in == unit::word) return parse_word(of, text);
    const auto dots = text.find("..");
    const auto least = parse_amount(of, text.substr(0, dots));
    if (!least) return least.error();
    const auto most = dots == std::string_view::npos ? least : parse_amount(of, text.substr(dots + 2));
    if (!most) return most.error();
    if (*most < *least) return parse_error(fmt::format("the range '{}' ends before it begins", text));
    return expected{{}, *least, *most};
}

bool holds(const measure& of, const expected& wanted, const reading& seen, double tolerance) {
    if (of.in == unit::word) return seen.word == wanted.word;
    constexpr double rounding = 1e-9;
    return seen.number >= wanted.least - rounding && seen.number <= wanted.most + tolerance + rounding;
}

std::string to_text(const measure& of, const reading& seen) {
    switch (of.in) {
        case unit::word:
            return seen.word;
        case unit::number:
            return fmt::format("{:.4g}", seen.number);
        case unit::seconds:
            return fmt::format("{:.1f}s", seen.number);
    }
    return {};
}

}  // namespace firstfin::measure
