#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>

#include "tests/harness/validate/fixable_configurations.hpp"
#include "tests/harness/validate/reading.hpp"
#include "tests/harness/validate/safe_fixes.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

// The real nginx takes what our fixes make of a configuration.

namespace firstfin::test {

namespace {

std::string nginx_version() {
    const auto said = run_program({"nginx", "-v"});
    const auto at = said.err.find("nginx/");
    return said.exit_code != 0 || at == std::string::npos
               ? ""
               : said.err.substr(at + 6, said.err.find_first_of(" \n", at + 6) - at - 6);
}

program_output nginx_test(const std::string& text) {
    const temporary_folder folder;
    const auto file = (folder.path() / "nginx.conf").string();
    std::ofstream(file, std::ios::binary) << text;
    return run_program({"nginx", "-t", "-e", "stderr", "-p", folder.path().string(), "-c", file, "-g",
                        fmt::format("pid {0}/pid;", folder.path().string())});
}

TEST(NginxTakesFixes, OfEveryRule) {
    const auto version = nginx_version();
    if (version.empty()) GTEST_SKIP() << "no nginx in PATH: apt-get install nginx";
    std::size_t tried = 0;
    auto all = labelled_configurations();
    all.insert(all.end(), fixable_configurations().begin(), fixable_configurations().end());
    for (const auto& one : all) {
        const auto row = read_fixable(one, version);
        if (!row) continue;
        const auto& text = row->read.texts[0];
        const auto fixed = with_all_fixes(row->read, row->asked, row->access);
        if (fixed == text) continue;
        ASSERT_EQ(nginx_test(text).exit_code, 0) << one.name << nginx_test(text).err;
        const auto said = nginx_test(fixed);
        EXPECT_EQ(said.exit_code, 0) << one.name << ": " << said.err << fixed;
        EXPECT_EQ(said.err.find("[warn]"), std::string::npos) << one.name << ": " << said.err << fixed;
        ++tried;
    }
    EXPECT_GT(tried, 25U);
}

}  // namespace

}  // namespace firstfin::test
