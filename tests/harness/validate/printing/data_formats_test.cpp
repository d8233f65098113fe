#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "harness/store/utf8.hpp"
#include "harness/validate/fixing/fix_plan.hpp"
#include "harness/validate/printing/printing.hpp"
#include "tests/harness/validate/printing/sample_validation.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::validate::printing {
namespace {

namespace json = boost::json;
using test::expect_golden;
using test::hostile_validation;
using test::sample_folder;
using test::sample_rules;
using test::sample_validation;

TEST(ValidationFormats, AreTheGoldenOnes) {
    const auto sample = sample_validation();
    expect_golden("validation.json", as_json(sample));
    expect_golden("validation.sarif", as_sarif(sample, sample_folder, sample_rules()));
    expect_golden("validation.junit.xml", as_junit(sample, severity::warning, sample_folder, sample_rules()));
    expect_golden("validation.github.txt", as_github(sample, sample_folder));
    expect_golden("rules.json", rules_json(sample_rules()));
}

TEST(ValidationFormats, AreTheGoldenOnesOfAHostileConfiguration) {
    const auto sample = hostile_validation();
    expect_golden("hostile.json", as_json(sample));
    expect_golden("hostile.sarif", as_sarif(sample, sample_folder, sample_rules()));
    expect_golden("hostile.junit.xml", as_junit(sample, severity::note, sample_folder, sample_rules()));
    expect_golden("hostile.github.txt", as_github(sample, sample_folder));
}

TEST(ValidationFormats, HideNothingInATerminal) {
    const auto sample = hostile_validation();
    for (const auto& text :
         {as_json(sample), as_sarif(sample, sample_folder, sample_rules()),
          as_junit(sample, severity::note, sample_folder, sample_rules()), as_github(sample, sample_folder)})
        for (std::string_view rest = text; !rest.empty();) {
            const auto one = first_code_point(rest);
            EXPECT_TRUE(one.valid);
            EXPECT_TRUE(one.value == '\n' || (one.value >= 0x20 && (one.value < 0x7F || one.value > 0x9F)))
                << "a control character";
            rest.remove_prefix(one.bytes);
        }
}

/// Offset of a line and a column in code points.
std::size_t offset_of(std::string_view text, std::int64_t line, std::int64_t column) {
    std::size_t at = 0;
    for (; line > 1; --line)
        at = text.find('\n', at) + 1;
    for (; column > 1; --column)
        at += first_code_point(text.substr(at)).bytes;
    return at;
}

TEST(Sarif, ItsFixesAreThoseOfFix) {
    const auto sample = sample_validation();
    const auto plan = fixing::plan_fixes(sample.read, sample.findings, sample.asked.version, test::sample_files());
    for (const auto& left : plan.left)
        ADD_FAILURE() << left.why;
    ASSERT_EQ(plan.files.size(), 1U);
    ASSERT_EQ(plan.findings.size(), 2U);
    const auto log = json::parse(as_sarif(sample, sample_folder, sample_rules()));
    std::vector<std::tuple<std::size_t, std::size_t, std::string>> edits;
    for (const auto& result : log.at("runs").at(0).at("results").as_array()) {
        if (!result.as_object().contains("fixes")) continue;
        const auto& change = result.at("fixes").at(0).at("artifactChanges").at(0);
        EXPECT_EQ(change.at("artifactLocation").at("uri").as_string(), "nginx.conf");
        const auto& replacement = change.at("replacements").at(0);
        const auto& region = replacement.at("deletedRegion");
        const auto place = [&](const char* end_line, const char* end_column) {
            return offset_of(sample.read.texts[0], region.at(end_line).as_int64(), region.at(end_column).as_int64());
        };
        edits.emplace_back(place("startLine", "startColumn"), place("endLine", "endColumn"),
                           replacement.at("insertedContent").at("text").as_string());
    }
    ASSERT_EQ(edits.size(), 2U);
    std::ranges::sort(edits, std::greater{});
    auto text = sample.read.texts[0];
    for (const auto& [from, to, by] : edits)
        text.replace(from, to - from, by);
    EXPECT_EQ(text, plan.files[0].text);
}

TEST(Sarif, BracesAndLinksAreText) {
    auto sample = sample_validation();
    sample.findings.resize(1);
    sample.findings[0].text = "{0} in upstream{}, [a](b:c)";
    sample.findings[0].advice = "";
    const auto log = json::parse(as_sarif(sample, sample_folder, sample_rules()));
    EXPECT_EQ(log.at("runs").at(0).at("results").at(0).at("message").at("text").as_string(),
              "{{0}} in upstream{{}}, \\[a\\](b:c)");
}

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t out = 0;
    for (auto at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1))
        ++out;
    return out;
}

TEST(Junit, FailsFromTheLevelAskedFor) {
    const auto sample = sample_validation();
    const std::pair<std::optional<severity>, std::size_t> rows[] = {
        {severity::note, 3}, {severity::warning, 2}, {severity::error, 1}, {std::nullopt, 0}};
    for (const auto& [level, failures] : rows) {
        const auto text = as_junit(sample, level, sample_folder, sample_rules());
        EXPECT_EQ(count(text, "<failure "), failures);
        EXPECT_EQ(count(text, " failures=\"" + std::to_string(failures) + '"'), 2U);
        EXPECT_EQ(count(text, "<testcase "), 7U) << "4 findings, 3 rules not judged; each rule has one of them";
        EXPECT_EQ(count(text, "<skipped "), 4U);
    }
    auto clean = sample;
    clean.findings.clear();
    clean.not_judged.clear();
    EXPECT_EQ(count(as_junit(clean, severity::note, sample_folder, sample_rules()), "<testcase "), 3U);
}

/// What the runner makes of a command, by its own rules: name, properties, message; nothing for a line that is none.
struct command {
    std::string name;
    std::map<std::string, std::string> properties;
    std::string message;
};

std::string decoded(std::string text, bool property) {
    const std::pair<const char*, const char*> all[] = {
        {"%0D", "\r"}, {"%0A", "\n"}, {"%3A", ":"}, {"%2C", ","}, {"%25", "%"}};
    for (const auto& [code, is] : all) {
        if (!property && (*is == ':' || *is == ',')) continue;
        for (auto at = text.find(code); at != std::string::npos; at = text.find(code, at + 1))
            text.replace(at, 3, is);
    }
    return text;
}

command parsed(const std::string& line) {
    EXPECT_TRUE(line.starts_with("::")) << line;
    const auto end = line.find("::", 2);
    const auto head = line.substr(2, end - 2);
    command out{head.substr(0, head.find(' ')), {}, decoded(line.substr(end + 2), false)};
    std::istringstream pairs(head.substr(head.find(' ') + 1));
    for (std::string pair; std::getline(pairs, pair, ',');)
        out.properties[pair.substr(0, pair.find('='))] = decoded(pair.substr(pair.find('=') + 1), true);
    return out;
}

TEST(Github, CommandsSurviveWhatIsInThem) {
    auto sample = sample_validation();
    sample.findings.resize(1);
    sample.read.files[0] = "/etc/nginx/100%,a:b::c%0A=.conf";
    sample.findings[0].text = "50% of: a, b::error::\nc%0A";
    sample.findings[0].advice = "";
    const auto text = as_github(sample, sample_folder);
    ASSERT_EQ(count(text, "\n"), 1U);
    const auto read = parsed(text.substr(0, text.size() - 1));
    EXPECT_EQ(read.name, "notice");
    EXPECT_EQ(read.properties.at("file"), "100%,a:b::c%0A=.conf");
    EXPECT_EQ(read.properties.at("line"), "3");
    EXPECT_EQ(read.properties.at("col"), "5");
    EXPECT_EQ(read.properties.at("title"), "upstream-post");
    EXPECT_EQ(read.message, "50% of: a, b::error::\nc%0A");
}

TEST(Github, ALineAFindingThatCounts) {
    for (const auto& sample : {sample_validation(), hostile_validation()}) {
        std::istringstream lines(as_github(sample, sample_folder));
        std::size_t commands = 0;
        for (std::string line; std::getline(lines, line); ++commands)
            EXPECT_NE(std::string("error warning notice").find(parsed(line).name), std::string::npos) << line;
        EXPECT_EQ(commands, static_cast<std::size_t>(std::ranges::count_if(
                                sample.findings, [](const finding& one) { return !one.ignored; })));
    }
}

}  // namespace
}  // namespace firstfin::validate::printing
