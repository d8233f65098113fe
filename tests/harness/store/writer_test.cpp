#include "harness/store/writer.hpp"

#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <functional>

#include "tests/harness/store/equality.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::store {
namespace {

constexpr auto cell = "cell-65s-115s";
constexpr int no_namespace = 77;

trial_record numbered(std::uint32_t number) {
    return test::sample_trial(cell, number, test::story::server_first);
}

class Writer : public testing::Test {
protected:
    run_db created() { return run_db::create(folder_.path() / "run", test::sample_run(), test::sample_cells()); }

    /// Runs `act` in a process of its own, whose limits and mounts are nobody else's. Answers its exit code; 100 +
    /// signal.
    static int in_child(const std::function<int()>& act) {
        const auto child = ::fork();
        if (child == 0) {
            int code = 99;
            try {
                code = act();
            } catch (const std::exception& failed) {
                std::fprintf(stderr, "%s\n", failed.what());
            }
            std::_Exit(code);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
    }

    test::temporary_folder folder_;
};

TEST_F(Writer, StoresWhatWasPushed) {
    auto db = created();
    writer writes(db);
    for (std::uint32_t number = 0; number < 500; ++number)
        writes.push(numbered(number));
    writes.push(state_count_record{duration(1), 0, side::server, {{tcp_state::established, 2}}});
    writes.close();
    EXPECT_FALSE(writes.failure());
    EXPECT_EQ(writes.stored(), 500U);
    EXPECT_EQ(db.finished().size(), 500U);
    std::size_t counts = 0;
    db.for_each_state_count([&counts](const state_count_record&) { ++counts; });
    EXPECT_EQ(counts, 1U);
}

TEST_F(Writer, ItsEndStoresTheRest) {
    auto db = created();
    {
        writer writes(db);
        for (std::uint32_t number = 0; number < 50; ++number)
            writes.push(numbered(number));
    }
    EXPECT_EQ(db.finished().size(), 50U);
}

TEST_F(Writer, MayBeClosedTwiceAndWithoutWork) {
    auto db = created();
    writer writes(db);
    writes.close();
    writes.close();
    EXPECT_FALSE(writes.failure());
}

TEST_F(Writer, TakesFromSeveralThreads) {
    auto db = created();
    {
        writer writes(db);
        std::vector<std::thread> pushers;
        for (std::uint32_t thread = 0; thread < 4; ++thread)
            pushers.emplace_back([&writes, thread] {
                for (std::uint32_t number = 0; number < 100; ++number) {
                    writes.push(numbered(thread * 100 + number));
                    writes.push(state_count_record{duration(number), thread, side::client, {}});
                    if (writes.failure() || writes.stored() > 400) ADD_FAILURE();
                }
            });
        for (auto& one : pushers)
            one.join();
    }
    EXPECT_EQ(db.finished().size(), 400U);
}

TEST_F(Writer, ADuplicateIsNoFailure) {
    auto db = created();
    writer writes(db);
    for (int times = 0; times < 3; ++times)
        writes.push(numbered(7));
    writes.close();
    EXPECT_FALSE(writes.failure());
    EXPECT_EQ(writes.stored(), 1U);
}

TEST_F(Writer, ATrialOfNoCellIsReported) {
    auto db = created();
    writer writes(db);
    writes.push(test::sample_trial("no-such-cell", 0, test::story::server_first));
    writes.close();
    EXPECT_EQ(writes.failure(),
              "a trial of cell no-such-cell, which is not in the plan; 1 finished trials were not stored");
}

/// Pushes until storing fails, then reads back. 0: the failure was told and everything stored before is there.
int push_until_failure(const std::filesystem::path& folder, std::string_view words) {
    std::size_t stored = 0;
    {
        auto db = run_db::create(folder, test::sample_run(), test::sample_cells());
        writer writes(db);
        for (std::uint32_t number = 0; number < 20'000 && !writes.failure(); ++number) {
            writes.push(numbered(number));
            if (number % 100 == 0) std::this_thread::yield();
        }
        writes.push(numbered(30'000));  // dropped: not stored, no crash
        writes.close();
        if (!writes.failure()) return 1;
        if (writes.failure()->find(words) == std::string::npos ||
            writes.failure()->find((folder / "run.db").string()) == std::string::npos) {
            std::fprintf(stderr, "%s\n", writes.failure()->c_str());
            return 2;
        }
        stored = writes.stored();
    }
    const auto there = run_db::open_to_read(folder).finished().size();
    if (there != stored || stored == 0) std::fprintf(stderr, "stored %zu, there %zu\n", stored, there);
    return there == stored && stored != 0 ? 0 : 3;
}

/// A mount namespace of one's own, as root or as the root of a user namespace.
bool leave_mount_namespace() {
    const auto user = ::geteuid();
    const auto group = ::getegid();
    if (::unshare(CLONE_NEWNS) != 0) {
        if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
        std::ofstream("/proc/self/setgroups") << "deny";
        std::ofstream("/proc/self/uid_map") << "0 " << user << " 1";
        std::ofstream("/proc/self/gid_map") << "0 " << group << " 1";
    }
    return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

TEST_F(Writer, AFullDiskIsReportedAndWhatWasStoredStays) {
    const auto code = in_child([this] {
        if (!leave_mount_namespace()) return no_namespace;
        if (::mount("small", folder_.path().c_str(), "tmpfs", 0, "size=3m") != 0) return no_namespace;
        return push_until_failure(folder_.path() / "run", "database or disk is full");
    });
    if (code == no_namespace) GTEST_SKIP() << "needs root or user namespaces to mount a small tmpfs";
    EXPECT_EQ(code, 0);
}

TEST_F(Writer, AnErrorOfTheDiskIsReportedAndWhatWasStoredStays) {
    EXPECT_EQ(in_child([this] {
                  ::signal(SIGXFSZ, SIG_IGN);
                  const rlimit largest{2'000'000, 2'000'000};  // bytes in a file: write() answers EFBIG beyond
                  if (::setrlimit(RLIMIT_FSIZE, &largest) != 0) return 98;
                  return push_until_failure(folder_.path() / "run", "disk I/O error");
              }),
              0);
}

}  // namespace
}  // namespace firstfin::store
