#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "harness/validate/printing/printing.hpp"
#include "tests/harness/validate/printing/sample_validation.hpp"
#include "tests/harness/validate/reading.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

// Every format against its schema, by Python's readers.

namespace firstfin::validate::printing {
namespace {

struct Schemas : ::testing::Test {
    void SetUp() override {
        if (check("json", "{}", FIRSTFIN_SCHEMAS "/sarif-2.1.0-rtm.5.json").exit_code != 3) return;
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << "python3-jsonschema is missing";
        GTEST_SKIP() << "python3-jsonschema is missing";
    }

    test::program_output check(const std::string& kind, const std::string& text, const std::string& schema = {}) {
        const auto file = folder.path() / "document";
        std::ofstream(file, std::ios::binary) << text;
        std::vector<std::string> command{"python3", FIRSTFIN_SCHEMAS "/check_document.py", kind, file.string()};
        if (!schema.empty()) command.push_back(schema);
        return test::run_program(command);
    }

    void expect_valid(const test::program_output& checked) {
        EXPECT_EQ(checked.exit_code, 0) << checked.out << checked.err;
    }

    void expect_all_valid(const validation& made, std::span<const rule> rules) {
        expect_valid(check("json", as_json(made), FIRSTFIN_PRINTING "/validation.schema.json"));
        expect_valid(
            check("json", as_sarif(made, test::sample_folder, rules), FIRSTFIN_SCHEMAS "/sarif-2.1.0-rtm.5.json"));
        expect_valid(check("xml", as_junit(made, severity::note, test::sample_folder, rules)));
    }

    test::temporary_folder folder;
};

TEST_F(Schemas, HoldForSamples) {
    expect_all_valid(test::sample_validation(), test::sample_rules());
    expect_all_valid(test::hostile_validation(), test::sample_rules());
    expect_all_valid({}, {});
}

TEST_F(Schemas, HoldForARealValidationWithAllRules) {
    const auto made = test::validated_http(
        "upstream app { server 10.0.0.1:8080; server 10.0.0.2:8080; }\n"
        "server { listen 80; keepalive_timeout 60s 60s; lingering_close off;\n"
        "  location / { proxy_pass http://app; } location /x { proxy_pass http://$host; }\n"
        "  # firstfin: ignore=upstream-implicit moved in May\n"
        "  location /y { proxy_pass http://127.0.0.1:81; } }",
        {"--client", "aws-alb", "--client", "firefox", "--backend", "app=uvicorn", "--rate", "600"});
    EXPECT_GE(made.findings.size(), 3U);
    expect_all_valid(made, all_rules());
}

TEST_F(Schemas, RefuseWhatIsWrong) {
    const auto text = as_json(test::sample_validation());
    auto wrong = text;
    wrong.replace(wrong.find("\"time_wait_s\":"), 14, "\"time_wait_m\":");
    EXPECT_EQ(check("json", wrong, FIRSTFIN_PRINTING "/validation.schema.json").exit_code, 1);
    auto sarif = as_sarif(test::sample_validation(), test::sample_folder, test::sample_rules());
    sarif.replace(sarif.find("\"startLine\":"), 12, "\"firstLine\":");
    EXPECT_EQ(check("json", sarif, FIRSTFIN_SCHEMAS "/sarif-2.1.0-rtm.5.json").exit_code, 1);
    EXPECT_NE(check("xml", "<a>\x1b</a>").exit_code, 0);
}

}  // namespace
}  // namespace firstfin::validate::printing
