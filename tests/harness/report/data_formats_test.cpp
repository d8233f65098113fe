#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "tests/harness/report/sample_reports.hpp"
#include "tests/support/golden.hpp"

namespace firstfin::report {
namespace {

namespace json = boost::json;
using test::expect_golden;

TEST(CsvReport, IsTheGoldenOne) {
    expect_golden("mixed.csv", test::mixed_run().report(format::csv));
}

TEST(CsvReport, QuotesWhatNeedsIt) {
    auto record = test::sample_run();
    record.axes.clear();
    record.environment = {{"kernel", "6.18, \"patched\""}};
    auto cells = test::sample_cells();
    cells.resize(1);
    cells[0].params = {{"plain", "as is"}, {"scenario.raw", "GET / HTTP/1.1\r\n\"quoted\", all"}};
    const test::stored_run run(record, cells, {}, std::nullopt);
    const auto text = run.report(format::csv);
    EXPECT_TRUE(text.starts_with("id,plain,scenario.raw,predicted,trials,")) << text;
    EXPECT_NE(text.find("cell-65s-115s,as is,\"GET / HTTP/1.1\r\n\"\"quoted\"\", all\",server,0,false,"),
              std::string::npos)
        << text;
    EXPECT_TRUE(text.ends_with(",,\"6.18, \"\"patched\"\"\"\n")) << text;
}

TEST(JsonReport, IsTheGoldenOne) {
    expect_golden("mixed.json", test::mixed_run().report(format::json));
}

TEST(JsonReport, HasTheDocumentedMembers) {
    const auto document = json::parse(test::mixed_run().report(format::json)).as_object();
    EXPECT_EQ(document.at("schema").to_number<int>(), 1);
    for (const auto* name : {"experiment", "time_scale", "seed", "resolution_ms", "environment"})
        EXPECT_TRUE(document.contains(name)) << name;
    for (const auto& one : document.at("expect").as_array())
        for (const auto* name : {"when", "article", "today", "measured", "met"})
            EXPECT_TRUE(one.as_object().contains(name)) << name;
    const auto members = [](const json::value& value) {
        std::vector<std::string> names;
        for (const auto& one : value.as_object())
            names.emplace_back(std::string_view(one.key()));
        return names;
    };
    using names = std::vector<std::string>;
    for (const auto& cell : document.at("cells").as_array()) {
        EXPECT_EQ(members(cell),
                  (names{"id", "params", "trials", "tie_band", "predicted", "as_predicted", "first_fin", "time_wait",
                         "ending", "reset", "idle_at_close_s", "requests", "conflicts", "invalid"}));
        EXPECT_EQ(members(cell.at("first_fin")), (names{"server", "client", "both", "none"}));
        EXPECT_EQ(members(cell.at("time_wait")), (names{"server", "client", "both", "none"}));
        EXPECT_EQ(members(cell.at("ending")), (names{"orderly", "simultaneous", "reset", "half_closed", "open"}));
        EXPECT_EQ(members(cell.at("reset")), (names{"server", "client", "none"}));
        EXPECT_EQ(members(cell.at("idle_at_close_s")), (names{"min", "median", "p99", "max"}));
        EXPECT_EQ(members(cell.at("requests")), (names{"sent", "answered", "stale_reuse", "true_race"}));
    }
}

TEST(JsonReport, IsWholeForAnUnfinishedRun) {
    auto record = test::sample_run();
    record.title = "\x1b[31m \"quoted\" \xFF";
    const test::stored_run run(record, test::sample_cells(), {}, std::nullopt);
    const auto document = json::parse(run.report(format::json)).as_object();
    EXPECT_TRUE(document.at("resolution_ms").is_null());
    EXPECT_TRUE(document.at("interrupted").as_bool());
    EXPECT_EQ(document.at("seed").to_number<std::uint64_t>(), 18'446'744'073'709'551'615U);
    EXPECT_TRUE(document.at("cells").at(0).at("idle_at_close_s").at("median").is_null());
    EXPECT_EQ(document.at("expect").at(0).at("measured").as_string(), "nothing");
    EXPECT_FALSE(document.at("expect").at(0).at("met").as_bool());
}

TEST(JsonLinesReport, IsTheGoldenOne) {
    expect_golden("mixed.jsonl", test::mixed_run().report(format::jsonl));
}

TEST(JsonLinesReport, IsATrialALine) {
    std::istringstream lines(test::mixed_run().report(format::jsonl));
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto trial = json::parse(line);
        EXPECT_EQ(trial.at("params").as_object().size(), 4U);
        std::int64_t before = 0;
        for (const auto& entry : trial.at("timeline").at("entries").as_array()) {
            EXPECT_GE(entry.at("t_ns").to_number<std::int64_t>(), before);
            before = entry.at("t_ns").to_number<std::int64_t>();
        }
    }
    EXPECT_EQ(count, 15U);
}

TEST(AnyReport, SaysWhenItCannotBeWritten) {
    const auto run = test::mixed_run();
    for (const auto as : {format::text, format::csv, format::json, format::jsonl}) {
        std::ofstream full("/dev/full");
        EXPECT_THROW(write_report(full, run.open(), as), std::exception) << to_text(as);
    }
}

}  // namespace
}  // namespace firstfin::report
