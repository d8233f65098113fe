#include "harness/validate/printing/rows.hpp"

#include <fmt/format.h>

#include <map>
#include <tuple>

#include "harness/report/terminal_text.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate::printing {

namespace {

std::string when_of(const outlook& ahead) {
    if (!ahead.when) return "-";
    if (ahead.when->latest == duration::zero()) return "at once";
    const bool moment = ahead.when->latest - ahead.when->earliest <= std::chrono::milliseconds(100);
    return moment ? to_text(ahead.when->earliest) : to_text(*ahead.when);
}

std::string first_of(const hop_row& row) {
    switch (row.ahead.first) {
        case model::closer::undecided:
            return "either";
        case model::closer::nobody:
            return "nobody";
        default:
            return std::string(side_of(row.ahead.first, row.inward));
    }
}

std::string time_wait_of(const hop_row& row) {
    const auto& ahead = row.ahead;
    if (ahead.time_wait == model::closer::nobody) return "nobody";
    auto out = ahead.time_wait == model::closer::undecided ? std::string("either")
                                                           : std::string(side_of(ahead.time_wait, row.inward));
    if (!ahead.time_wait_most) return out;
    const auto most = count_in_words(*ahead.time_wait_most);
    const auto least = count_in_words(ahead.time_wait_least.value_or(0));
    return out + (least == most ? fmt::format(", {}", most) : fmt::format(", {} to {}", least, most));
}

row_words words_of(const hop_row& row) {
    const auto arrow = row.inward ? std::string() : std::string("-> ");
    row_words out{arrow + report::shown(row.hop), row.peer.empty() ? "?" : report::shown(row.peer), {}, {}, {}, {},
                  report::shown(row.says)};
    if (!row.says.empty()) {
        out.first = "unknown";
        out.when = out.time_wait = out.lost = "-";
        return out;
    }
    out.first = first_of(row);
    out.when = when_of(row.ahead);
    out.time_wait = time_wait_of(row);
    out.lost = report::shown(row.ahead.lost);
    return out;
}

}  // namespace

std::string_view side_of(model::closer who, bool inward) {
    const bool nginx = inward ? who == model::closer::server : who == model::closer::client;
    return nginx ? "nginx" : "peer";
}

std::vector<row_words> rows_of(const validation& of) {
    std::vector<row_words> out;
    std::vector<std::size_t> alike;
    std::map<std::tuple<bool, std::string, std::string, std::string, std::string, std::string>, std::size_t> known;
    for (const auto& row : of.rows) {
        auto words = words_of(row);
        const std::tuple key(row.inward, words.peer, words.first, words.when, words.time_wait, words.lost + words.says);
        const auto [at, is_new] = known.try_emplace(key, out.size());
        if (is_new) {
            out.push_back(std::move(words));
            alike.push_back(0);
        } else {
            ++alike[at->second];
        }
    }
    for (std::size_t i = 0; i < out.size(); ++i)
        if (alike[i] != 0) out[i].hop += fmt::format(", and {} more", report::grouped(alike[i]));
    return out;
}

}  // namespace firstfin::validate::printing
