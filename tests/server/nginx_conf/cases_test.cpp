#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "server/nginx_conf/configuration.hpp"
#include "tests/peers/nginx_conf/case_file.hpp"
#include "tests/support/temporary_folder.hpp"

// The cases nginx 1.22.1 was asked about (tests/peers/nginx_conf asks it again): our verdict, and the line of our first
// error, are nginx's.

namespace firstfin::nginx_conf {
namespace {

using test::nginx_case;

std::string story(const configuration& read) {
    std::string out;
    for (const auto& each : read.messages)
        out += read.in_words(each) + "\n";
    return out;
}

class NginxCase : public testing::TestWithParam<nginx_case> {};

TEST_P(NginxCase, EndsAsNginxEndsIt) {
    const test::temporary_folder here;
    std::vector<nginx_case> all = test::read_nginx_cases(here.path().string());
    const auto one = *std::ranges::find(all, GetParam().name, &nginx_case::name);
    for (const auto& [name, text] : one.texts) {
        std::filesystem::create_directories((here.path() / name).parent_path());
        std::ofstream(here.path() / name, std::ios::binary) << text;
    }
    reading_options options;
    options.version = {1, 22, 1};
    const auto read = read_configuration("nginx.conf", here.path().string(), options);
    const auto first = std::ranges::find_if(
        read.messages, [](const message& each) { return each.level == severity::emerg || each.unknown_directive; });
    ASSERT_EQ(first == read.messages.end(), one.good) << story(read);
    if (one.good || one.line == 0) return;
    EXPECT_EQ(first->nginx_line, one.line) << story(read);
    EXPECT_EQ(read.files.at(first->where.file), (here.path() / one.file).string()) << story(read);
}

std::string name_of(const testing::TestParamInfo<nginx_case>& one) {
    return one.param.name;
}
INSTANTIATE_TEST_SUITE_P(Cases, NginxCase, testing::ValuesIn(test::read_nginx_cases("DIR")), name_of);

}  // namespace
}  // namespace firstfin::nginx_conf
