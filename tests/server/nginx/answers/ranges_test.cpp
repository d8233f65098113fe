#include "server/nginx/answers/ranges.hpp"

#include <gtest/gtest.h>

namespace firstfin::nginx {
namespace {

struct row {
    const char* line;
    std::int64_t size;
    range_wish wish;
    std::vector<byte_range> ranges;
};

TEST(Ranges, AreReadAsNginxReadsThem) {
    const auto parts = range_wish::parts, whole = range_wish::whole, none = range_wish::unsatisfiable;
    const std::vector<row> rows{
        {"bytes=0-", 6, parts, {{0, 6}}},
        {"bytes=1-3", 6, parts, {{1, 4}}},
        {"bytes=-2", 6, parts, {{4, 6}}},
        {"bytes=-200", 6, parts, {{0, 6}}},
        {"bytes=3-300", 6, parts, {{3, 6}}},
        {"BYTES= 1 - 2 , 4-4", 6, parts, {{1, 3}, {4, 5}}},
        {"bytes=1-2,100-200", 6, parts, {{1, 3}}},
        {"bytes=-0", 6, none, {}},
        {"bytes=6-", 6, none, {}},
        {"bytes=3-1", 6, none, {}},
        {"bytes=1-x", 6, none, {}},
        {"bytes=1", 6, none, {}},
        {"bytes=99999999999999999999-", 6, none, {}},
        {"bytes=0-1,", 6, none, {}},
        {"bytes=0-,1-", 6, whole, {}},  // more than all of it
        {"bytes=0-0", 0, whole, {}},
        {"bytes=-1", 0, whole, {}},
        {"lines=1-2", 6, whole, {}},
        {"bytes=", 6, whole, {}},
    };
    for (const auto& [line, size, wish, ranges] : rows) {
        std::vector<byte_range> out;
        EXPECT_EQ(read_ranges(line, size, out), wish) << line;
        if (wish == parts) {
            EXPECT_EQ(out, ranges) << line;
        }
    }
}

}  // namespace
}  // namespace firstfin::nginx
