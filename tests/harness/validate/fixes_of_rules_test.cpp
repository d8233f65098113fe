#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
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
    const auto& row = GetParam();
    for (const std::string version : {"1.22.1", "1.31.5"}) {
        auto options = row.options;
        options.insert(options.end(), {"--nginx-version", version});
        const auto asked = validate::read_question(options, all_profiles());
        const auto access = nginx_conf::files_in_memory({{"n.conf", "events {\n}\nhttp {\n" + row.http + "\n}\n"}});
        nginx_conf::reading_options how;
        how.version = asked.version;
        how.access = access;
        const auto read = nginx_conf::read_configuration("n.conf", "", how);
        ASSERT_TRUE(read.is_valid()) << read.in_words(read.messages.at(0));
        for (const auto& fault : faults_of_fixes(read, asked, access))
            ADD_FAILURE() << version << ": " << fault << "\nfrom\n"
                          << read.texts[0] << "to\n"
                          << with_all_fixes(read, asked, access);
    }
}

INSTANTIATE_TEST_SUITE_P(All, FixesOfRules, testing::ValuesIn(fixable_configurations()),
                         [](const auto& row) { return row.param.name; });

/// A row without a fix to try would be no test.
TEST(FixableConfigurations, HaveAFixOfTheirRuleAtOneVersionAtLeast) {
    for (const auto& row : fixable_configurations()) {
        bool has_fix = false;
        for (const std::string version : {"1.22.1", "1.31.5"}) {
            auto options = row.options;
            options.insert(options.end(), {"--nginx-version", version});
            for (const auto& one : validated("events {\n}\nhttp {\n" + row.http + "\n}\n", options).findings)
                has_fix = has_fix || (one.rule == row.rule && one.safe_fix);
        }
        EXPECT_TRUE(has_fix) << row.name;
    }
}

}  // namespace

}  // namespace firstfin::test
