#include "harness/validate/fixing/fixing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/report/terminal_text.hpp"
#include "harness/validate/fixing/comparison.hpp"
#include "harness/validate/fixing/diff_names.hpp"
#include "harness/validate/fixing/replaced_files.hpp"
#include "harness/validate/fixing/unified_diff.hpp"
#include "harness/validate/sources.hpp"

namespace firstfin::validate::fixing {

namespace {

using report::paragraph;
using report::shown;

constexpr std::size_t most_listed = 20;

std::string some(std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string place_of(const finding& one, const nginx_conf::configuration& read) {
    if (!one.where.is_known()) return shown(read.main_file());
    return fmt::format("{}:{}:{}", shown(read.files.at(one.where.file)), one.where.line, one.where.column);
}

std::map<std::string, std::size_t> by_rule(const std::vector<const finding*>& all) {
    std::map<std::string, std::size_t> out;
    for (const auto* one : all)
        ++out[one->rule];
    return out;
}

/// A change is safe when it removes what it is for and brings nothing of weight.
std::vector<protest> protests_against(const fix_plan& plan, const validation& made, const validation& after) {
    std::vector<protest> out;
    for (const auto i : compare(made, plan, after).new_ones) {
        const auto& one = after.findings[i];
        if (one.level != severity::note)
            out.push_back(
                {fmt::format("it would bring another {} [{}]: {}", to_text(one.level), one.rule, one.text), one.where});
    }
    auto count = by_rule(heeded(made));
    for (const auto i : plan.findings)
        --count[made.findings[i].rule];
    for (const auto& [rule, number] : by_rule(heeded(after))) {
        const bool is_meant = std::ranges::any_of(plan.findings, [&](auto i) { return made.findings[i].rule == rule; });
        if (!is_meant || number <= count[rule]) continue;
        for (const auto* one : heeded(after))
            if (one->rule == rule)
                out.push_back({fmt::format("what [{}] finds would still be there", rule), one->where});
    }
    return out;
}

std::string counts_of(const std::vector<const finding*>& all) {
    std::map<severity, std::size_t> count;
    for (const auto* one : all)
        ++count[one->level];
    return fmt::format("{}, {}, {}", some(count[severity::error], "error"), some(count[severity::warning], "warning"),
                       some(count[severity::note], "note"));
}

/// A list under a line of its own, cut when it is long.
std::string listed(const std::string& head, const std::vector<std::string>& lines, std::size_t width) {
    if (lines.empty()) return {};
    auto out = paragraph(head, width, 2);
    for (std::size_t i = 0; i < std::min(lines.size(), most_listed); ++i)
        out += "  " + paragraph(lines[i], width > 2 ? width - 2 : width, 4);
    if (lines.size() > most_listed) out += fmt::format("  and {} more\n", lines.size() - most_listed);
    return out;
}

std::string in_words(const validation& made, const offered_fixes& of, std::size_t width) {
    const auto before = heeded(made);
    std::string out;
    if (of.empty()) {
        out = before.empty() ? "Nothing to fix.\n" : paragraph("No safe fix: nothing is changed.", width);
    } else {
        std::size_t changes = 0;
        for (const auto& file : of.plan.files)
            changes += file.edits.size();
        out = paragraph(
            fmt::format("{} in {} fix{} {} of {}.", some(changes, "change"), some(of.plan.files.size(), "file"),
                        changes == 1 ? "es" : "", of.fixed, some(before.size(), "finding")),
            width);
    }
    std::vector<std::string> left;
    for (const auto& group : of.plan.left)
        for (const auto i : group.findings)
            left.push_back(fmt::format("{}: [{}] {}", place_of(made.findings[i], made.read), made.findings[i].rule,
                                       shown(group.why)));
    out += listed("Not changed, look at them yourself:", left, width);
    if (of.empty()) return out;

    const auto after = heeded(of.after);
    out += paragraph(fmt::format("After it: {}.", counts_of(after)), width);
    std::vector<std::string> remaining;
    for (std::size_t i = 0; i < of.after.findings.size(); ++i) {
        const auto& one = of.after.findings[i];
        if (one.ignored) continue;
        const bool is_new = std::ranges::find(of.new_ones, i) != of.new_ones.end();
        remaining.push_back(fmt::format("{}: {} [{}]{}", place_of(one, of.after.read), to_text(one.level), one.rule,
                                        is_new         ? " is new: a consequence of the changes"
                                        : one.safe_fix ? " can be fixed then: run --fix again"
                                                       : ""));
    }
    return out + listed("What remains, with the lines it will have:", remaining, width);
}

}  // namespace

offered_fixes offer_fixes(const validation& made, const judge& again, std::size_t width,
                          const nginx_conf::file_access& below) {
    offered_fixes out;
    out.after = made;
    out.plan = plan_fixes(made.read, made.findings, made.asked.version, below, [&](const fix_plan& plan) {
        auto after = again(plan.fixed);
        auto protests = protests_against(plan, made, after);
        if (protests.empty()) out.after = std::move(after);
        return protests;
    });
    auto became = compare(made, out.plan, out.after);
    out.fixed = became.gone;
    out.new_ones = std::move(became.new_ones);
    std::vector<std::string> paths;
    for (const auto& file : out.plan.files)
        paths.push_back(made.read.files[file.file]);
    const auto names = names_in_diff(paths);
    for (std::size_t i = 0; i < paths.size(); ++i) {
        const auto& file = out.plan.files[i];
        out.diff += unified_diff(names.names[i], made.read.texts[file.file], file.edits);
    }
    out.words = in_words(made, out, width);
    if (paths == std::vector{std::string(standard_input_name)})
        out.hint = paragraph("Apply the diff with `patch FILE`.", width);
    else if (!out.empty())
        out.hint = paragraph(fmt::format("Apply the diff with `patch -p1{}`, or let --fix --write do it.",
                                         names.folder.empty() ? "" : " -d " + names.folder),
                             width);
    return out;
}

std::string shown_diff(const std::string& diff, const report::text_options& how) {
    std::string out;
    for (std::size_t at = 0; at < diff.size();) {
        const auto end = std::min(diff.find('\n', at), diff.size());
        std::string_view line(diff.data() + at, end - at);
        if (line.ends_with('\r')) line.remove_suffix(1);
        const bool paints = how.colour && (line.starts_with('+') || line.starts_with('-'));
        if (paints) out += line.front() == '+' ? "\x1b[32m" : "\x1b[31m";
        out += shown(line);
        if (paints) out += "\x1b[0m";
        out += '\n';
        at = end + 1;
    }
    return out;
}

written_fixes write_fixes(const validation& made, const offered_fixes& offered, std::size_t width) {
    std::vector<new_text> texts;
    for (const auto& file : offered.plan.files) {
        const auto& path = made.read.files[file.file];
        if (path == standard_input_name)
            throw bad_input("standard input cannot be written to: --fix without --write prints a diff");
        texts.push_back({path, made.read.texts[file.file], file.text});
    }
    written_fixes out;
    if (texts.empty()) return {true, paragraph("Nothing was written: there is no safe fix.", width)};
    const auto done = replace_files(texts);
    out.complete = done.complete();
    std::vector<std::string> names;
    for (const auto& path : done.written)
        names.push_back(shown(path));
    out.words = listed(out.complete ? fmt::format("Wrote {}:", some(names.size(), "file"))
                                    : fmt::format("Wrote only {} of {}:", names.size(), some(texts.size(), "file")),
                       names, width);
    if (!out.complete)
        out.words += paragraph(
            fmt::format("{}{}",
                        names.empty() ? "Nothing was written: " : "The others are as they were: ", shown(done.failure)),
            width);
    return out;
}

}  // namespace firstfin::validate::fixing
