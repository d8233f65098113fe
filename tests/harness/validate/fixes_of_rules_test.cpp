#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/validate/rule.hpp"
#include "tests/harness/validate/fixable_configurations.hpp"
#include "tests/harness/validate/reading.hpp"
#include "tests/harness/validate/safe_fixes.hpp"

// A safe fix removes its finding and brings no other.

namespace firstfin::test {

namespace {

class FixesOfRules : public testing::TestWithParam<fixable> {};

TEST_P(FixesOfRules, RemoveTheirFindingAndBringNoOther) {
    for (const std::string version : {"1.22.1", "1.31.5"}) {
        const auto row = read_fixable(GetParam(), version);
        if (!row) continue;
        for (const auto& fault : faults_of_fixes(row->read, row->asked, row->access))
            ADD_FAILURE() << version << ": " << fault << "\nfrom\n"
                          << row->read.texts[0] << "to\n"
                          << with_all_fixes(row->read, row->asked, row->access);
    }
}

INSTANTIATE_TEST_SUITE_P(EveryRule, FixesOfRules, testing::ValuesIn(fixable_configurations()),
                         [](const auto& row) { return row.param.name; });
INSTANTIATE_TEST_SUITE_P(Labelled, FixesOfRules, testing::ValuesIn(labelled_configurations()), [](const auto& row) {
    auto name = row.param.name;
    std::ranges::replace_if(
        name, [](unsigned char ch) { return std::isalnum(ch) == 0; }, '_');
    return name;
});

/// What is left alone has no faults: every row must be more than that.
TEST(FixableConfigurations, AreFixedForTheirRuleAtOneVersionAtLeast) {
    for (const auto& one : fixable_configurations()) {
        bool has_fix = false;
        for (const std::string version : {"1.22.1", "1.31.5"}) {
            const auto row = read_fixable(one, version);
            if (!row) continue;
            const auto fixed = fixed_rules(row->read, row->asked, row->access);
            has_fix = has_fix || std::ranges::find(fixed, one.rule) != fixed.end();
        }
        EXPECT_TRUE(has_fix) << one.name;
    }
}

/// A judge that says what it is told to, about `keepalive_timeout NUMBER` in an http block.
class made_up_judge {
public:
    validate::validation operator()(nginx_conf::configuration read) const {
        validate::validation out;
        const auto& value = read.tree.at(1).block.at(0);
        out.read = std::move(read);
        for (const auto& one : say.contains(value.arguments.at(0).text) ? say.at(value.arguments.at(0).text)
                                                                        : std::vector<validate::finding>{}) {
            out.findings.push_back(one);
            out.findings.back().where = value.name.where;
        }
        return out;
    }

    std::map<std::string, std::vector<validate::finding>> say;
};

validate::finding said(const std::string& rule, validate::severity level) {
    validate::finding out;
    out.rule = rule;
    out.level = level;
    return out;
}

struct offer_case {
    std::string name;
    std::vector<validate::finding> after;
    std::string expected;  ///< in the words
    bool is_made;
};
void PrintTo(const offer_case& row, std::ostream* to) {
    *to << row.name;
}

class OfferedFixes : public testing::TestWithParam<offer_case> {};

TEST_P(OfferedFixes, AreThoseThatHelp) {
    nginx_conf::reading_options how;
    how.access = nginx_conf::files_in_memory({{"n.conf", "events {}\nhttp {\n  keepalive_timeout 60;\n}\n"}});
    auto one = said("here", validate::severity::warning);
    made_up_judge judge;
    judge.say["60"] = {one};
    judge.say["65"] = GetParam().after;
    auto made = judge(nginx_conf::read_configuration("n.conf", "", how));
    made.findings[0].safe_fix =
        validate::change{validate::change::kind::replace, made.findings[0].where, "keepalive_timeout 65"};
    const auto offered = validate::fixing::offer_fixes(made, judge, 200, how.access);
    EXPECT_EQ(offered.empty(), !GetParam().is_made);
    EXPECT_EQ(offered.diff.empty(), !GetParam().is_made);
    EXPECT_NE(offered.words.find(GetParam().expected), std::string::npos) << offered.words;
}

INSTANTIATE_TEST_SUITE_P(
    Those, OfferedFixes,
    testing::Values(offer_case{"all_is_well", {}, "1 change in 1 file fixes 1 of 1 finding.", true},
                    offer_case{"a_note_comes",
                               {said("other", validate::severity::note)},
                               "n.conf:3:3: note [other] is new: a consequence of the changes",
                               true},
                    offer_case{"a_warning_comes",
                               {said("other", validate::severity::warning)},
                               "n.conf:3:3: [here] it would bring another warning [other]",
                               false},
                    offer_case{"it_gets_worse",
                               {said("here", validate::severity::error)},
                               "n.conf:3:3: [here] it would bring another error [here]",
                               false},
                    offer_case{"it_stays",
                               {said("here", validate::severity::warning)},
                               "n.conf:3:3: [here] what [here] finds would still be there",
                               false}),
    [](const auto& row) { return row.param.name; });

}  // namespace

}  // namespace firstfin::test
