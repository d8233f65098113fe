#include "server/http_request/host_name.hpp"

#include <gtest/gtest.h>

namespace firstfin::http_request {
namespace {

constexpr dialect strict = dialect::of_nginx(1, 29, 4);

struct row {
    std::string text;
    std::string before;  ///< what nginx took it for before 1.29.4; empty: refused
    std::string since;
};

class HostName : public testing::TestWithParam<row> {};

TEST_P(HostName, IsReadByEitherDialect) {
    for (const auto& [speaks, expected] : {std::pair{dialect{}, GetParam().before}, {strict, GetParam().since}}) {
        std::string host;
        EXPECT_EQ(read_host(GetParam().text, speaks, host), !expected.empty());
        if (!expected.empty()) {
            EXPECT_EQ(host, expected);
        }
    }
}

const row rows[] = {
    {"a.test", "a.test", "a.test"},
    {"A.Test:80", "a.test", "a.test"},
    {"a.", "a", "a"},
    {"a.:80", "a", "a"},
    {"a:", "a", "a"},
    {"[::1]:80", "[::1]", "[::1]"},
    {"a_b", "a_b", "a_b"},
    {"", "", ""},
    {".", "", ""},
    {":80", "", ""},
    {"a..b", "", ""},
    {"a/b", "", ""},
    {"a b", "", ""},
    {"a\x7f", "", ""},
    {"a:x", "a", ""},
    {"a:65536", "a", ""},
    {"a:b..c", "", ""},
    {"a@b", "a@b", ""},
    {"[::1", "[::1", ""},
    {"[a..b]", "", ""},
    {"[]", "[]", "[]"},
    {"a:65535", "a", "a"},
    {"a%41", "a%41", "a%41"},
    {"[a%41]", "[a%41]", ""},
    {"[::1]x", "[::1]", ""},
    {"\x80", "\x80", ""},
};

INSTANTIATE_TEST_SUITE_P(Hosts, HostName, testing::ValuesIn(rows));

}  // namespace
}  // namespace firstfin::http_request
