#include "server/nginx_conf/lookup.hpp"

#include <gtest/gtest.h>

#include "tests/peers/nginx_conf/lookup_rows.hpp"
#include "tests/server/nginx_conf/in_memory.hpp"

namespace firstfin::nginx_conf {
namespace {

std::string answer(const http_settings& all, const char* host, const char* uri) {
    const auto found = find_location(choose_server(all, all.listens.at(0), host), uri);
    if (found.adds_slash) return "301";
    return found.location->returns ? *found.location->returns->text : "404";
}

TEST(Lookup, FindsWhatNginxFinds) {
    const auto read = test::read_text(firstfin::test::lookup_configuration);
    ASSERT_TRUE(read.is_valid()) << test::all_messages(read);
    const auto all = effective(read);
    ASSERT_EQ(all.listens.size(), 1U);
    for (const auto& row : firstfin::test::lookup_rows)
        EXPECT_EQ(answer(all, row.host, row.uri), row.answer) << row.host << row.uri;
}

TEST(Lookup, NamedLocations) {
    const auto all = effective(test::read_text(firstfin::test::lookup_configuration));
    EXPECT_EQ(*find_named_location(all.servers.at(0), "@named")->returns->text, "first @named");
    EXPECT_EQ(find_named_location(all.servers.at(0), "@other"), nullptr);
}

}  // namespace
}  // namespace firstfin::nginx_conf
