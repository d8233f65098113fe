#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/validate/rule.hpp"
#include "tests/harness/validate/labelled_cases.hpp"
#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

std::string rule_of(const std::string& label) {
    return label.substr(0, label.find(':'));
}

TEST(Labelled, EveryFindingIsFoundAndNothingElse) {
    const auto all = labelled_cases();
    EXPECT_GE(all.size(), 60U);
    for (const auto& one : all) {
        const auto list = found(validated(one.text, one.options));
        EXPECT_EQ(std::set(list.begin(), list.end()), one.expected) << one.file << ": " << one.name;
    }
}

TEST(Labelled, NamesAreUnique) {
    std::set<std::string> names;
    for (const auto& one : labelled_cases())
        EXPECT_TRUE(names.insert(one.name).second) << one.name;
}

TEST(Labelled, EveryRuleIsFoundSomewhereAndNearlyFoundElsewhere) {
    std::set<std::string> expected;
    std::set<std::string> near;
    for (const auto& one : labelled_cases()) {
        for (const auto& label : one.expected)
            expected.insert(rule_of(label));
        for (const auto& rule : one.near_misses) {
            EXPECT_NE(validate::find_rule(rule), nullptr) << one.name << ": " << rule;
            near.insert(rule);
            EXPECT_TRUE(std::ranges::none_of(one.expected, [&](const auto& label) { return rule_of(label) == rule; }))
                << one.name << " has the very rule it should only nearly have: " << rule;
        }
    }
    for (const auto& rule : validate::all_rules()) {
        EXPECT_TRUE(expected.contains(std::string(rule.id))) << "no case has " << rule.id;
        EXPECT_TRUE(near.contains(std::string(rule.id))) << "no case has nearly " << rule.id;
    }
}

TEST(Labelled, FindingsSayWhatToDoAndRulesWhy) {
    for (const auto& one : labelled_cases())
        for (const auto& finding : validated(one.text, one.options).findings) {
            EXPECT_FALSE(finding.text.empty()) << finding.rule;
            EXPECT_FALSE(finding.advice.empty()) << finding.rule;
            const auto* rule = validate::find_rule(finding.rule);
            ASSERT_NE(rule, nullptr) << finding.rule;
            EXPECT_LE(finding.level, rule->highest) << finding.rule;
            EXPECT_GT(rule->why.size(), 100U) << finding.rule;
            EXPECT_FALSE(rule->source.empty()) << finding.rule;
        }
}

}  // namespace

}  // namespace firstfin::test
