#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>

#include <random>
#include <set>

#include "harness/store/run_db.hpp"
#include "tests/harness/sandbox/eventually.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/support/installation.hpp"

namespace firstfin::test {
namespace {

using finished_set = std::set<std::pair<std::string, std::uint32_t>>;

class Kill : public firstfin::testing::needs_namespaces {
protected:
    installation here;

    finished_set kept() const {
        if (!std::filesystem::exists(here.folder() / "run" / "run.db")) return {};
        return store::run_db::open_to_read(here.folder() / "run").finished();
    }
};

// Pauses here are the stimulus, not a wait for an answer: the kill must come at a moment that nobody chose.
TEST_F(Kill, TwentyAtRandomMomentsLoseNoFinishedTrialAndLeaveNothing) {
    const auto file = here.file("long.toml", R"(
[run]
replicates = 60
[sweep]
"server.keepalive_timeout" = { from = "100ms", to = "1s", step = "100ms" }
)");
    const auto seed = std::random_device{}();
    RecordProperty("seed", static_cast<int>(seed));
    std::mt19937 random(seed);
    std::uniform_int_distribution<int> moment(1, 900);
    finished_set before;
    int kills = 0;
    while (kills < 20) {
        std::vector<std::string> command{"run", file, "--out", "run"};
        if (std::filesystem::exists(here.folder() / "run" / "run.db")) command.emplace_back("--resume");
        auto run = here.start(command);
        ::poll(nullptr, 0, moment(random));
        if (run.is_over()) {
            // Everything is done: from the beginning again.
            EXPECT_EQ(run.wait().exit_code, 0) << run.err_so_far();
            EXPECT_EQ(kept().size(), 600U);
            std::filesystem::remove_all(here.folder() / "run");
            before.clear();
            continue;
        }
        run.signal(SIGKILL);
        (void)run.wait();
        ++kills;
        ASSERT_TRUE(firstfin::testing::eventually([&] { return here.processes().empty(); }))
            << "processes outlive kill " << kills;
        const auto now = kept();
        for (const auto& trial : before)
            ASSERT_TRUE(now.contains(trial)) << "kill " << kills << " lost " << trial.first << " " << trial.second;
        before = now;
    }
    std::vector<std::string> last{"run", file, "--out", "run", "--format", "csv"};
    if (std::filesystem::exists(here.folder() / "run" / "run.db")) last.emplace_back("--resume");
    const auto ended = here.firstfin(last);
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    EXPECT_EQ(kept().size(), 600U);
}

}  // namespace
}  // namespace firstfin::test
