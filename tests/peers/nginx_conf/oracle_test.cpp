#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/peers/nginx_conf/case_file.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

// Asks the real nginx about every case: the verdicts that our reader is held to (tests/server/nginx_conf) are its own.

namespace firstfin::test {
namespace {

class NginxOracle : public testing::TestWithParam<nginx_case> {
protected:
    static void SetUpTestSuite() {
        if (run_program({"nginx", "-v"}).exit_code == 127) {
            if (std::getenv("FIRSTFIN_NOTHING_SKIPPED") != nullptr) GTEST_FAIL() << "nginx is not installed";
            GTEST_SKIP() << "nginx is not installed";
        }
    }
};

TEST_P(NginxOracle, SaysTheSame) {
    const temporary_folder here;
    const auto folder = here.path().string();
    const auto all = read_nginx_cases(folder);
    const auto& one = *std::ranges::find(all, GetParam().name, &nginx_case::name);
    for (const auto& [name, text] : one.texts) {
        std::filesystem::create_directories((here.path() / name).parent_path());
        std::ofstream(here.path() / name, std::ios::binary) << text;
    }
    const auto answer = run_program({"nginx", "-t", "-e", "stderr", "-p", folder, "-c", folder + "/nginx.conf"});
    ASSERT_EQ(answer.exit_code == 0, one.good) << answer.err;
    if (one.good || one.line == 0) return;
    std::istringstream lines(answer.err);
    std::string line;
    while (std::getline(lines, line) && line.find("[emerg]") == std::string::npos) {
    }
    EXPECT_NE(line.find(folder + "/" + one.file + ":" + std::to_string(one.line)), std::string::npos) << answer.err;
}

std::string name_of(const testing::TestParamInfo<nginx_case>& one) {
    return one.param.name;
}
INSTANTIATE_TEST_SUITE_P(Cases, NginxOracle, testing::ValuesIn(read_nginx_cases("DIR")), name_of);

}  // namespace
}  // namespace firstfin::test
