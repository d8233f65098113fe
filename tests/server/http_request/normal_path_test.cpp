#include "server/http_request/normal_path.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace firstfin::http_request {
namespace {

struct row {
    std::string target;
    std::optional<std::string> path;
    std::string args = {};
    slashes doubled = slashes::merge;
};

class NormalPath : public testing::TestWithParam<row> {};

TEST_P(NormalPath, IsRead) {
    std::string path;
    std::string_view args;
    ASSERT_EQ(read_target(GetParam().target, GetParam().doubled, path, args), GetParam().path.has_value());
    if (!GetParam().path) return;
    EXPECT_EQ(path, *GetParam().path);
    EXPECT_EQ(args, GetParam().args);
}

const row rows[] = {
    {"/", "/"},
    {"/a/b", "/a/b"},
    {"/a%20b", "/a b"},
    {"/%41%4a", "/AJ"},
    {"/a%2541", "/a%41"},  // decoded once
    {"/a%3fb?c", "/a?b", "c"},
    {"/a%23b", "/a#b"},
    {"/a#b?c", "/a"},
    {"/a?b#c", "/a", "b"},
    {"/a?%zz", "/a", "%zz"},
    {"/a//b///c", "/a/b/c"},
    {"/a//b", "/a//b", "", slashes::keep},
    {"/a%2f%2fb", "/a/b"},
    {"/./a/./b/.", "/a/b/"},
    {"/a/../b", "/b"},
    {"/a/b/..", "/a/"},
    {"/a/%2E%2e/b", "/b"},
    {"/a%2f..%2fb", "/b"},
    {"/...", "/..."},
    {"/..a/.b/c..", "/..a/.b/c.."},
    {"/a/..?b", "/", "b"},
    {"", "/"},
    {"?b", "/", "b"},
    {"/..", std::nullopt},
    {"/a/../..", std::nullopt},
    {"/%2e%2e/", std::nullopt},
    {"//..", std::nullopt},
    {"//..", "/", "", slashes::keep},
    {"/%00", std::nullopt},
    {"/%", std::nullopt},
    {"/%4", std::nullopt},
    {"/%4g", std::nullopt},
    {"/a%?b1", std::nullopt},
};

INSTANTIATE_TEST_SUITE_P(Targets, NormalPath, testing::ValuesIn(rows));

}  // namespace
}  // namespace firstfin::http_request
