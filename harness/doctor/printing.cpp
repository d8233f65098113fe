#include "harness/doctor/printing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/report/terminal_text.hpp"
#include "harness/store/json_text.hpp"

namespace firstfin::doctor {

using report::shown;

namespace {

std::string conclusion(const diagnosis& found) {
    const auto optional =
        std::ranges::count_if(found.checks, [](const check& one) { return one.optional && one.status != status::ok; });
    const auto extra = optional == 0
                           ? std::string{}
                           : fmt::format("; {} optional thing{} missing", optional, optional == 1 ? " is" : "s are");
    switch (found.ability) {
        case ability::everything:
            return fmt::format("Everything works here, in sandbox {}{}.", found.sandbox, extra);
        case ability::limited:
            // Its evidence is weaker, so it is never chosen unasked.
            if (found.sandbox == "loopback")
                return fmt::format("Experiments run here with --sandbox loopback alone: no capture, no sysctls{}.",
                                   extra);
            return fmt::format("Experiments run here, in sandbox {}, with limits{}.", found.sandbox, extra);
        case ability::nothing:
            break;
    }
    return "No experiment can run here as it is.";
}

void add(std::string& out, std::string_view first_indent, std::string_view indent, const std::string& text,
         std::size_t width) {
    const auto room = width - std::min(width - 1, std::max(first_indent.size(), indent.size()));
    auto before = first_indent;
    for (const auto& line : report::wrapped(text, room)) {
        out += fmt::format("{}{}\n", before, line);
        before = indent;
    }
}

}  // namespace

std::string to_text(const diagnosis& found, const report::text_options& options) {
    std::string out;
    for (const auto& one : found.checks) {
        add(out, fmt::format("{:<8}", firstfin::to_text(one.status)), "        ",
            shown(one.name) + ": " + shown(one.found), options.width);
        if (one.status == status::ok) continue;
        add(out, "        costs: ", "          ", shown(one.cost), options.width);
        add(out, "        remedy: ", "          ", shown(one.remedy), options.width);
    }
    return out + "\n" + report::paragraph(conclusion(found), options.width);
}

std::string to_json(const diagnosis& found) {
    std::string out = fmt::format("{{\"schema\":1,\"ability\":\"{}\",\"sandbox\":\"{}\",\"checks\":[",
                                  firstfin::to_text(found.ability), found.sandbox);
    for (const auto& one : found.checks) {
        if (&one != &found.checks.front()) out += ',';
        out += "{\"name\":";
        append_json_text(out, one.name);
        fmt::format_to(std::back_inserter(out), ",\"status\":\"{}\",\"optional\":{}", firstfin::to_text(one.status),
                       one.optional);
        for (const auto& [name, text] :
             {std::pair{"found", &one.found}, {"cost", &one.cost}, {"remedy", &one.remedy}}) {
            fmt::format_to(std::back_inserter(out), ",\"{}\":", name);
            append_json_text(out, *text);
        }
        out += '}';
    }
    return out + "]}\n";
}

}  // namespace firstfin::doctor
