#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>

#include "harness/store/writer.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

// kill -9 while trials are being stored. A child stores forever and tells through a pipe how many trials are committed;
// the parent kills it after a drawn number of them.

namespace firstfin::store {
namespace {

constexpr int rounds = 12;
constexpr auto cell = "cell-65s-115s";

std::vector<trial_record> batch(std::uint32_t first, std::uint32_t size) {
    std::vector<trial_record> out;
    for (std::uint32_t number = first; number < first + size; ++number)
        out.push_back(test::sample_trial(cell, number, test::story::client_first));
    return out;
}

[[noreturn]] void store_forever(const std::filesystem::path& folder, int pipe) {
    try {
        auto db = run_db::open_to_resume(folder, test::sample_run());
        auto number = static_cast<std::uint32_t>(db.finished().size());
        for (std::uint32_t size = 1;; size = size % 7 + 1) {
            db.add(batch(number, size));
            number += size;
            if (::write(pipe, &number, sizeof number) != sizeof number) break;
        }
    } catch (const std::exception& failed) {
        std::fprintf(stderr, "child: %s\n", failed.what());
    }
    std::_Exit(1);
}

/// The last number told before the pipe closed, at least what was there.
std::uint32_t kill_after(pid_t child, int pipe, std::uint32_t enough, std::uint32_t there) {
    std::uint32_t told = there;
    for (std::uint32_t now = 0; ::read(pipe, &now, sizeof now) == sizeof now;) {
        told = now;
        if (told >= enough) ::kill(child, SIGKILL);
    }
    return told;
}

TEST(KilledWriter, LosesNoTrialAndDoublesNone) {
    const test::temporary_folder folder;
    (void)run_db::create(folder.path(), test::sample_run(), test::sample_cells());
    std::uint32_t there = 0;
    std::uint32_t random = 12345;
    for (int round = 0; round < rounds; ++round) {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        const auto child = ::fork();
        if (child == 0) {
            ::close(ends[0]);
            store_forever(folder.path(), ends[1]);
        }
        ::close(ends[1]);
        random = random * 1664525U + 1013904223U;
        const auto committed = kill_after(child, ends[0], there + 1 + (random >> 16U) % 60, there);
        ::close(ends[0]);
        int status = 0;
        ASSERT_EQ(::waitpid(child, &status, 0), child);
        ASSERT_TRUE(WIFSIGNALED(status)) << "the child ended by itself";

        const auto db = run_db::open_to_read(folder.path());
        const auto finished = db.finished();
        ASSERT_GE(finished.size(), committed) << "round " << round;
        std::uint32_t next = 0;
        db.for_each_trial([&next](const trial_record& one) { EXPECT_EQ(one.number, next++); });
        EXPECT_EQ(next, finished.size()) << "a trial without its timeline, or doubled";
        there = next;
    }
    EXPECT_GE(there, static_cast<std::uint32_t>(rounds));
}

}  // namespace
}  // namespace firstfin::store
