#include <fmt/format.h>

#include <iterator>

#include "harness/report/terminal_text.hpp"
#include "harness/validate/printing/places.hpp"
#include "harness/validate/printing/printing.hpp"

// Workflow commands of GitHub Actions: `::error file=a.conf,line=1::message`. The runner undoes %25 %0D %0A, and in
// properties %3A %2C, too (actions/runner, ActionCommand.cs); other control characters are made visible.

namespace firstfin::validate::printing {

namespace {

std::string escaped(std::string_view text, std::string_view also) {
    std::string out;
    for (const char c : text)
        if (c == '%' || c == '\r' || c == '\n' || also.find(c) != std::string_view::npos)
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<std::uint8_t>(c));
        else
            out += c;
    return report::shown(out);
}

std::string message(std::string_view text) {
    return escaped(text, "");
}

std::string property(std::string_view text) {
    return escaped(text, ":,");
}

std::string_view command_of(severity level) {
    switch (level) {
        case severity::error:
            return "error";
        case severity::warning:
            return "warning";
        default:
            return "notice";
    }
}

}  // namespace

std::string as_github(const validation& of, const std::filesystem::path& folder) {
    const source_places places(of.read);
    std::string out;
    const auto into = std::back_inserter(out);
    for (const auto& one : of.findings) {
        if (one.ignored) continue;
        const auto& file = file_of(one.where, of.read);
        fmt::format_to(into, "::{} ", command_of(one.level));
        if (is_on_disk(file)) {
            fmt::format_to(into, "file={},", property(path_from(folder, file)));
            if (const auto word = places.word_at(one.where))
                fmt::format_to(into, "line={},col={},endColumn={},", word->start_line, word->start_column,
                               word->end_column);
        }
        fmt::format_to(into, "title={}::{}{}\n", property(one.rule), message(one.text),
                       one.advice.empty() ? "" : "%0AFix: " + message(one.advice));
    }
    return out;
}

}  // namespace firstfin::validate::printing
