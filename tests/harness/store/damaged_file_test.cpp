#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "harness/store/run_db.hpp"
#include "tests/harness/store/message_of.hpp"
#include "tests/harness/store/sample_run.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::store {
namespace {

using test::message_of;

class DamagedFile : public testing::Test {
protected:
    void make_run() const {
        auto db = run_db::create(folder_.path(), test::sample_run(), test::sample_cells());
        std::vector<trial_record> trials;
        for (std::uint32_t number = 0; number < 200; ++number)
            trials.push_back(test::sample_trial("cell-65s-115s", number, test::story::server_first));
        db.add(trials);
        db.finish(test::sample_end());
    }
    void write(std::string_view bytes) const { std::ofstream(file(), std::ios::binary) << bytes; }
    [[nodiscard]] std::string bytes() const {
        std::ifstream in(file(), std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "run.db"; }

    [[nodiscard]] std::string refused_reading() const {
        return message_of<bad_input>([this] {
            const auto db = run_db::open_to_read(folder_.path());
            (void)db.run();
            (void)db.cells();
            (void)db.finished();
            db.for_each_trial([](const trial_record&) {});
        });
    }
    [[nodiscard]] std::string refused_resuming() const {
        return message_of<bad_input>([this] { (void)run_db::open_to_resume(folder_.path(), test::sample_run()); });
    }
    void expect_both(const std::string& part) const {
        for (const auto& words : {refused_reading(), refused_resuming()}) {
            EXPECT_NE(words.find(part), std::string::npos) << words;
            EXPECT_TRUE(words.starts_with(file().string())) << words;
        }
    }

    test::temporary_folder folder_;
};

TEST_F(DamagedFile, TextIsNoRun) {
    write(
        "this is a letter to my aunt, long enough to have a header of a hundred bytes if it were a database at all, "
        "dear aunt");
    expect_both("is not a run of firstfin");
    EXPECT_EQ(refused_reading(), file().string() + " is not a run of firstfin (cannot read the header in " +
                                     file().string() +
                                     ": file is not a database): name the folder of a run, or move this file away");
}

TEST_F(DamagedFile, AnEmptyFileIsNoRun) {
    write("");
    expect_both("is not a run of firstfin (a SQLite database of another program)");
}

TEST_F(DamagedFile, AnotherProgramsDatabaseIsNoRun) {
    database(file(), database::access::create).run("CREATE TABLE bookmarks (url TEXT)", "test");
    expect_both(
        "is not a run of firstfin (a SQLite database of another program): name the folder of a run, or move this file "
        "away");
}

TEST_F(DamagedFile, AnotherSchemaIsNamed) {
    make_run();
    database(file(), database::access::write).run("PRAGMA user_version = 1", "test");
    expect_both(
        "was written by another firstfin (schema 1, this program reads 3): use that version, or run the experiment "
        "again");
}

TEST_F(DamagedFile, ATruncatedFileIsDamaged) {
    make_run();
    const auto whole = bytes();
    for (const auto left :
         {std::size_t{100}, whole.size() / 10, whole.size() / 2, whole.size() - 4096, whole.size() - 1}) {
        write(std::string_view(whole).substr(0, left));
        expect_both("is damaged (");
    }
}

TEST_F(DamagedFile, ScribbledPagesAreDamage) {
    make_run();
    std::fstream out(file(), std::ios::binary | std::ios::in | std::ios::out);
    const auto pages = std::filesystem::file_size(file()) / 4096;
    for (std::size_t page = 3; page < pages; ++page) {
        out.seekp(static_cast<std::streamoff>(page * 4096));
        out << std::string(64, '\xA5');
    }
    out.close();
    expect_both("is damaged (");
    expect_both("move it away and run the experiment again; `sqlite3 run.db .recover` may save some trials");
}

TEST_F(DamagedFile, AWordThatIsNoVerdictIsDamage) {
    make_run();
    database(file(), database::access::write).run("UPDATE trials SET ending = 'sideways' WHERE number = 100", "test");
    const auto words = refused_reading();
    EXPECT_NE(words.find("is damaged ("), std::string::npos) << words;
    EXPECT_NE(words.find("sideways"), std::string::npos) << words;
}

TEST_F(DamagedFile, ATimelineCutShortIsDamage) {
    make_run();
    database(file(), database::access::write).run("UPDATE timelines SET timeline = substr(timeline, 1, 100)", "test");
    const auto words = refused_reading();
    EXPECT_NE(words.find("is damaged (a timeline: "), std::string::npos) << words;
}

// Any bytes wrong anywhere: a sentence, or a run that is not the same. Never a crash.
TEST_F(DamagedFile, RandomDamageNeverCrashes) {
    make_run();
    const auto whole = bytes();
    std::uint32_t random = 1;
    const auto draw = [&random](std::size_t below) {
        random = random * 1664525U + 1013904223U;
        return static_cast<std::size_t>(random >> 8U) % below;
    };
    for (int round = 0; round < 40; ++round) {
        auto wrong = whole;
        for (int count = 0; count < 30; ++count)
            wrong[draw(wrong.size())] = static_cast<char>(draw(256));
        write(wrong);
        (void)refused_reading();
    }
}

}  // namespace
}  // namespace firstfin::store
