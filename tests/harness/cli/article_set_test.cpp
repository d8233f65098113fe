#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "core/profile.hpp"
#include "tests/harness/cli/claim_verdicts.hpp"
#include "tests/harness/sandbox/needs_delayed_links.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

namespace fs = std::filesystem;

class ArticleSet : public firstfin::testing::needs_namespaces {
protected:
    static std::vector<std::string> files() {
        std::vector<std::string> out;
        for (const auto& each : fs::directory_iterator(experiments_folder() / "article"))
            out.push_back(each.path());
        std::ranges::sort(out);
        return out;
    }
    installation here;
};

TEST_F(ArticleSet, IsReproducedClaimByClaimAtAScaleThatSaysWhatItLeavesOut) {
    firstfin::testing::need_tap_interfaces();  // CLOSING needs a link with a delay
    if (IsSkipped() || HasFatalFailure()) return;
    auto arguments = files();
    arguments.insert(arguments.begin(), "run");
    arguments.insert(arguments.end(), {"--time-scale", "0.02", "--out", "article"});
    const auto ran = here.firstfin(arguments);
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
    EXPECT_NE(ran.err.find("time-wait-length: left out at time scale 0.02"), std::string::npos) << ran.err;
    const auto table = ran.out.substr(ran.out.rfind("\nclaims\n"));
    EXPECT_NE(table.find("which no scale reaches"), std::string::npos) << table;

    arguments = {"claims", "--format", "csv"};
    for (const auto& each : fs::directory_iterator(here.folder() / "article"))
        arguments.push_back(each.path());
    const auto csv = here.firstfin(arguments);
    EXPECT_EQ(csv.exit_code, 0);
    auto seen = verdicts(csv.out);
    using words = std::set<std::string>;
    for (const auto* claim : {"1", "2", "10", "12", "13", "14"})
        EXPECT_EQ(seen[claim], words{"reproduced"}) << claim;
    EXPECT_EQ(seen["4"], (words{"reproduced", "nothing claimed"}));
    EXPECT_EQ(seen["8"], (words{"reproduced", "not reproduced"}));
    EXPECT_EQ(seen["11"], (words{"undecided", "not reproduced"}));
    EXPECT_EQ(seen["6"], words{"not shown"});
    EXPECT_EQ(seen["15"], (words{"reproduced", "nothing claimed"}));
    EXPECT_EQ(here.processes(), std::vector<pid_t>{});
}

}  // namespace
}  // namespace firstfin::test
