#include "server/nginx/connection_table.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace firstfin::nginx {
namespace {

/// Leaves the table when asked to give way, or does what the test wants instead.
struct guest : table_entry {
    guest(connection_table& at, int number, std::vector<int>& gone) : table(at), name(number), left(gone) {}
    void give_way() override {
        left.push_back(name);
        if (stays-- > 0) return table.set_reusable(*this, true);
        table.remove(*this);
    }
    connection_table& table;
    int name;
    std::vector<int>& left;
    int stays = 0;
};

struct house {
    explicit house(std::size_t slots) : table(slots, 2) {}
    guest& come(bool reusable) {
        auto made = std::make_unique<guest>(table, ++last, gone);
        auto& one = *made;
        table.add(std::move(made));
        table.set_reusable(one, reusable);
        return one;
    }
    connection_table table;
    std::vector<int> gone;
    int last = 0;
};

TEST(ConnectionTable, SurplusIsAnEighthOfTheReusableOnesWhenASixteenthIsLeft) {
    EXPECT_EQ(connection_table::surplus(512, 33, 400), 0U);
    EXPECT_EQ(connection_table::surplus(512, 32, 400), 32U);
    EXPECT_EQ(connection_table::surplus(512, 0, 80), 10U);
    EXPECT_EQ(connection_table::surplus(512, 0, 3), 1U);
    EXPECT_EQ(connection_table::surplus(512, 0, 0), 0U);
}

TEST(ConnectionTable, TheOldestReusableOneGivesWay) {
    house one(20);
    for (int i = 0; i < 17; ++i) {
        EXPECT_EQ(one.table.make_room(), connection_table::admission::granted);
        one.come(true);
    }
    EXPECT_EQ(one.table.make_room(), connection_table::admission::after_draining);
    EXPECT_EQ(one.gone, (std::vector<int>{1, 2}));
    EXPECT_EQ(one.table.size(), 15U);
}

TEST(ConnectionTable, BecomingReusableAgainIsBecomingYoung) {
    house one(20);
    auto& first = one.come(true);
    for (int i = 0; i < 16; ++i)
        one.come(true);
    one.table.set_reusable(first, true);
    std::ignore = one.table.make_room();
    EXPECT_EQ(one.gone, (std::vector<int>{2, 3}));
}

TEST(ConnectionTable, RefusesWhenNobodyCanGiveWay) {
    house one(20);
    for (int i = 0; i < 18; ++i)
        one.come(false);
    EXPECT_EQ(one.table.make_room(), connection_table::admission::refused);
    EXPECT_TRUE(one.gone.empty());
}

TEST(ConnectionTable, OneThatLingersIsAskedTwice) {
    house one(20);
    one.come(true).stays = 1;
    for (int i = 0; i < 17; ++i)
        one.come(false);
    EXPECT_EQ(one.table.make_room(), connection_table::admission::after_draining);
    EXPECT_EQ(one.gone, (std::vector<int>{1, 1}));
}

TEST(ConnectionTable, AnyoneMayGoWhileAllAreCalled) {
    house one(20);
    for (int i = 0; i < 5; ++i)
        one.come(true);
    one.table.for_each([](table_entry& each) { each.give_way(); });
    EXPECT_EQ(one.gone, (std::vector<int>{1, 2, 3, 4, 5}));
    EXPECT_EQ(one.table.size(), 0U);
    one.table.bury();
}

}  // namespace
}  // namespace firstfin::nginx
