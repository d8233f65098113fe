#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/report/terminal_text.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/printing/places.hpp"
#include "harness/validate/printing/printing.hpp"

// JUnit's XML as CI systems read it: no standard, but <testsuites><testsuite><testcase> with failure, skipped and
// system-out is what all of them take.

namespace firstfin::validate::printing {

namespace {

/// For text and for attributes. XML 1.0 has no way to write most control characters: they are made visible.
std::string xml(std::string_view raw) {
    const auto text = report::shown(raw);
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto rest = std::string_view(text).substr(at);
        if (rest.starts_with("\xEF\xBF\xBE") || rest.starts_with("\xEF\xBF\xBF")) {  // U+FFFE and U+FFFF
            out += "\xEF\xBF\xBD";
            at += 2;
            continue;
        }
        switch (text[at]) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&apos;";
                break;
            default:
                out += text[at];
        }
    }
    return out;
}

struct counts {
    std::size_t tests = 0;
    std::size_t failures = 0;
    std::size_t skipped = 0;

    [[nodiscard]] std::string text() const {
        return fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}")", tests, failures, skipped);
    }
};

std::string case_of(std::string_view rule, const std::string& name, const std::string& inside) {
    const auto head = fmt::format(R"(    <testcase classname="firstfin.{}" name="{}" time="0")", xml(rule), xml(name));
    return inside.empty() ? head + "/>\n" : fmt::format("{}>\n{}    </testcase>\n", head, inside);
}

std::string words_of(const finding& one) {
    auto out = xml(one.text);
    if (!one.advice.empty()) out += "\nFix: " + xml(one.advice);
    if (!one.confidence.empty()) out += "\nProfile: " + xml(one.confidence);
    return out;
}

std::string case_of(const finding& one, const std::string& place, std::optional<severity> fail_on, counts& total) {
    ++total.tests;
    std::string inside;
    if (one.ignored) {
        ++total.skipped;
        inside = fmt::format("      <skipped message=\"ignored: {}\"/>\n", xml(*one.ignored));
    } else if (fail_on && one.level >= *fail_on) {
        ++total.failures;
        inside = fmt::format("      <failure type=\"{}\" message=\"{}\">{}</failure>\n", to_text(one.level),
                             xml(one.text), words_of(one));
    } else {
        inside = fmt::format("      <system-out>{}: {}</system-out>\n", to_text(one.level), words_of(one));
    }
    return case_of(one.rule, place, inside);
}

}  // namespace

std::string as_junit(const validation& of, std::optional<severity> fail_on, const std::filesystem::path& folder,
                     std::span<const rule> rules) {
    counts total;
    std::string cases;
    std::set<std::string, std::less<>> told;
    // Two findings of a rule and a place differ in severity: a name of its own for each.
    std::map<std::pair<std::string, std::string>, std::size_t> named;
    for (const auto& one : of.findings) {
        auto place = path_from(folder, file_of(one.where, of.read));
        if (one.where.is_known()) place += fmt::format(":{}:{}", one.where.line, one.where.column);
        if (const auto before = named[{one.rule, place}]++) place += fmt::format(" ({})", before + 1);
        cases += case_of(one, place, fail_on, total);
        told.insert(one.rule);
    }
    std::map<std::string, std::string, std::less<>> lacking;
    for (const auto& one : of.not_judged) {
        auto& needs = lacking[one.rule];
        needs += (needs.empty() ? "" : ", ") + one.needs;
    }
    for (const auto& [rule, needs] : lacking) {
        if (told.contains(rule)) continue;
        told.insert(rule);
        ++total.tests;
        ++total.skipped;
        cases += case_of(rule, "everywhere", fmt::format("      <skipped message=\"needs {}\"/>\n", xml(needs)));
    }
    for (const auto& one : rules) {
        if (told.contains(one.id)) continue;
        ++total.tests;
        cases += case_of(one.id, "everywhere", "");
    }
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"firstfin validate\" {0}>\n"
        "  <testsuite name=\"{1}\" {0} time=\"0\">\n{2}  </testsuite>\n</testsuites>\n",
        total.text(), xml(path_from(folder, judged_name(of.read))), cases);
}

}  // namespace firstfin::validate::printing
