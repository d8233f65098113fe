#include "harness/doctor/subject_list.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iterator>

#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/store/json_text.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::doctor {

namespace {

template <class Subject>
void add(std::vector<listed_subject>& into, std::vector<subjects::installation>& questions,
         std::span<const Subject> all, bool servers) {
    for (const auto& one : all) {
        const auto& from = one.comes_from;
        into.push_back({servers,
                        std::string(one.id),
                        std::string(one.name),
                        std::string(one.profile),
                        {one.takes.begin(), one.takes.end()},
                        from.packages.empty() ? "" : subjects::remedy(from),
                        {}});
        questions.push_back(from);
    }
}

/// One whose program its user names is always here.
bool is_any_program(const listed_subject& one) {
    return one.remedy.empty();
}

std::string version_words(const listed_subject& one) {
    if (is_any_program(one)) return "-";
    if (!one.here.usable()) return "missing; " + one.remedy;
    return one.here.version.empty() ? "tells no version" : report::shown(one.here.version);
}

}  // namespace

std::vector<listed_subject> list_subjects() {
    std::vector<listed_subject> out;
    std::vector<subjects::installation> questions;
    add(out, questions, subjects::all_servers(), true);
    add(out, questions, subjects::all_clients(), false);
    auto answers = subjects::ask_installed(questions);
    for (std::size_t at = 0; at < out.size(); ++at)
        out[at].here = std::move(answers[at]);
    return out;
}

std::string to_text(const std::vector<listed_subject>& list, const report::text_options& options) {
    report::table rows({{"side"},
                        {"subject"},
                        {"version"},
                        {"profile", report::align::left, 2},
                        {"can be told", report::align::left, 1}});
    for (const auto& one : list)
        rows.add_row({one.is_server ? "server" : "client", one.id, version_words(one), one.profile,
                      fmt::format("{}", fmt::join(one.takes, ", "))});
    return rows.text(options.width);
}

// By hand: a program's own words may be no UTF-8, which Boost.JSON would pass on.
std::string to_json(const std::vector<listed_subject>& list) {
    std::string out = "{\"schema\":1,\"subjects\":[";
    for (const auto& one : list) {
        if (&one != &list.front()) out += ',';
        fmt::format_to(std::back_inserter(out), "{{\"side\":\"{}\",\"usable\":{},\"takes\":[",
                       one.is_server ? "server" : "client", is_any_program(one) || one.here.usable());
        for (const auto& setting : one.takes) {
            if (&setting != &one.takes.front()) out += ',';
            append_json_text(out, setting);
        }
        out += ']';
        for (const auto& [name, text] : {std::pair{"id", &one.id},
                                         {"name", &one.name},
                                         {"profile", &one.profile},
                                         {"path", &one.here.path},
                                         {"version", &one.here.version},
                                         {"remedy", &one.remedy}}) {
            fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
            append_json_text(out, *text);
        }
        out += '}';
    }
    return out + "]}\n";
}

}  // namespace firstfin::doctor
