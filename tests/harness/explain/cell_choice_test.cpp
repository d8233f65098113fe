#include "harness/explain/cell_choice.hpp"

#include <gtest/gtest.h>

#include "tests/harness/store/message_of.hpp"

namespace firstfin::explain {
namespace {

using places = std::vector<std::size_t>;

store::cell_list three_cells() {
    store::cell_list out;
    out.common = {{"client.idle_timeout", "115s"}, {"link.family", "ipv4"}};
    for (const auto& [id, limit] : {std::pair{"2aa1", "65s"}, {"2ab2", "120s"}, {"9cc3", "130s"}}) {
        auto& cell = out.cells.emplace_back();
        cell.id = id;
        cell.params = {{"server.keepalive_timeout", limit}};
    }
    return out;
}

places fitting(const std::vector<std::string>& words) {
    return fitting_cells(three_cells(), wish_of(words));
}

TEST(CellChoice, ByIdPrefixAndNumber) {
    EXPECT_EQ(fitting({"2ab2"}), places{1});
    EXPECT_EQ(fitting({"9"}), places{2});
    EXPECT_EQ(fitting({"2aa"}), places{0});
    EXPECT_EQ(fitting({"2a"}), (places{0, 1}));
    // A number of the plan comes before the beginning of an id.
    EXPECT_EQ(fitting({"2"}), places{1});
    EXPECT_EQ(fitting({"3"}), places{2});
}

TEST(CellChoice, BySettings) {
    EXPECT_EQ(fitting({"server.keepalive_timeout=120s"}), places{1});
    EXPECT_EQ(fitting({"server.keepalive_timeout=2m"}), places{1});
    EXPECT_EQ(fitting({"client.idle_timeout=115s", "server.keepalive_timeout=65000ms"}), places{0});
    EXPECT_EQ(fitting({"link.family=ipv4"}), (places{0, 1, 2}));
}

TEST(CellChoice, SaysWhatThereIs) {
    EXPECT_EQ(test::message_of<bad_input>([] { (void)fitting({"7"}); }),
              "no cell '7': the plan has cells 1 to 3; without CELL they are listed with their ids");
    EXPECT_EQ(test::message_of<bad_input>([] { (void)fitting({"server.keepalive_timout=65s"}); }),
              "no cell of this run has a setting 'server.keepalive_timout'; did you mean 'server.keepalive_timeout'?");
    EXPECT_EQ(test::message_of<bad_input>([] { (void)fitting({"server.keepalive_timeout=1s"}); }),
              "no cell has server.keepalive_timeout=1s; there are 65s, 120s, 130s");
    EXPECT_EQ(test::message_of<bad_input>([] {
                  (void)fitting({"server.keepalive_timeout=65s", "link.family=ipv6"});
              }),
              "no cell has link.family=ipv6 together with the other settings; there is ipv4");
}

TEST(CellChoice, WordsBehindTheFolder) {
    EXPECT_FALSE(wish_of({}).names_a_cell());
    EXPECT_EQ(wish_of({"2aa1", "7"}).trial, 7U);
    EXPECT_EQ(wish_of({"3", "0"}).cell, "3");
    const auto by_settings = wish_of({"a=b", "scenario.raw=x=y", "4"});
    EXPECT_EQ(by_settings.settings, (store::text_pairs{{"a", "b"}, {"scenario.raw", "x=y"}}));
    EXPECT_EQ(by_settings.trial, 4U);
    EXPECT_TRUE(by_settings.cell.empty());
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"1", "2", "3"}, {"1", "x"}, {"1", "a=b"}, {"a=b", "x"}, {"a=b", "1", "c=d"}, {"=b"}})
        EXPECT_THROW((void)wish_of(words), bad_input) << words.front();
}

}  // namespace
}  // namespace firstfin::explain
