#include "harness/states/census.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "harness/report/terminal_text.hpp"
#include "harness/states/census_text.hpp"

namespace firstfin::states {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

counted_socket plain(tcp_state state, std::uint16_t local = 8080, std::uint16_t remote = 40'000) {
    return {.state = state, .local_port = local, .remote_port = remote};
}
counted_socket mini(tcp_state state, std::uint32_t expires_ms, std::uint16_t local = 8080,
                    std::uint16_t remote = 40'000) {
    return {.state = state, .mini = true, .expires_ms = expires_ms, .local_port = local, .remote_port = remote};
}

census counted(const std::vector<counted_socket>& all, std::optional<std::uint16_t> port = {}) {
    census_taker taker(port);
    for (const auto& one : all)
        taker.add(one);
    return taker.result();
}

const std::vector<counted_socket> mixed{
    plain(tcp_state::established),     mini(tcp_state::time_wait, 59'900),
    mini(tcp_state::time_wait, 1'000), mini(tcp_state::time_wait, 30'000, 40'001, 8080),
    plain(tcp_state::fin_wait_2),      mini(tcp_state::fin_wait_2, 7'250)};

TEST(Census, CountsByStateMostFirst) {
    const auto all = counted(mixed);
    ASSERT_EQ(all.lines.size(), 3U);
    EXPECT_EQ(all.total, 6U);
    EXPECT_EQ(all.lines[0].state, tcp_state::time_wait);
    EXPECT_EQ(all.lines[0].sockets, 3U);
    EXPECT_EQ(all.lines[0].left, (time_left{1'000ms, 30'000ms, 59'900ms}));
    EXPECT_EQ(all.lines[0].orphans, 0U);
    EXPECT_EQ(all.lines[1].state, tcp_state::fin_wait_2);
    EXPECT_EQ(all.lines[1].sockets, 2U);
    EXPECT_EQ(all.lines[1].orphans, 1U);
    EXPECT_EQ(all.lines[1].left, (time_left{7'250ms, 7'250ms, 7'250ms}));
    EXPECT_FALSE(all.lines[2].left);
}

TEST(Census, MediansOfAllSizes) {
    for (const auto& [expiries, median] : {std::pair{std::vector<std::uint32_t>{5}, 5ms},
                                           {{9, 3}, 6ms},
                                           {{9, 1, 5}, 5ms},
                                           {{4'000'000'000U, 4'000'000'000U}, 4'000'000'000ms},
                                           {{10, 40, 20, 30}, 25ms}}) {
        std::vector<counted_socket> all;
        for (const auto one : expiries)
            all.push_back(mini(tcp_state::time_wait, one));
        EXPECT_EQ(counted(all).lines.at(0).left->median, median) << expiries.size();
    }
}

TEST(Census, OfAPortTellsTheSides) {
    const auto of_port = counted(mixed, 8080);
    EXPECT_EQ(of_port.total, 6U);
    EXPECT_EQ(of_port.lines[0].server_side, 2U);
    EXPECT_EQ(of_port.lines[0].client_side, 1U);
    EXPECT_EQ(of_port.server_side, 5U);
    EXPECT_EQ(of_port.client_side, 1U);
    EXPECT_EQ(counted(mixed, 40'001).total, 1U);
    EXPECT_EQ(counted(mixed, 9).total, 0U);
}

TEST(Census, OfAStateThatIsNotKnownYetIsLeftOut) {
    EXPECT_EQ(counted({plain(static_cast<tcp_state>(200))}).total, 0U);
}

TEST(CensusText, IsATable) {
    EXPECT_EQ(to_text(counted(mixed), {.width = 80}),
              "state        sockets   min  median    max  orphans\n"
              "                      left    left   left\n"
              "-----------  -------  ----  ------  -----  -------\n"
              "TIME_WAIT          3  1.0s   30.0s  59.9s\n"
              "FIN_WAIT_2         2  7.2s    7.2s   7.2s        1\n"
              "ESTABLISHED        1\n"
              "total              6\n");
    EXPECT_EQ(to_text(counted({plain(tcp_state::listen, 8080, 0)}, 8080), {.width = 80}),
              "port 8080: server side where it is the local one, client side where the remote\n"
              "  one\n"
              "state   sockets  server  client\n"
              "                   side    side\n"
              "------  -------  ------  ------\n"
              "LISTEN        1       1       0\n"
              "total         1       1       0\n");
}

TEST(CensusText, FitsEveryWindow) {
    std::vector<counted_socket> many(28'000, mini(tcp_state::time_wait, 59'000));
    many.insert(many.end(), mixed.begin(), mixed.end());
    for (std::size_t width = 20; width < 120; width += 7) {
        std::istringstream lines(to_text(counted(many, 8080), {.width = width}));
        for (std::string line; std::getline(lines, line);)
            EXPECT_LE(report::display_width(line), width) << line;
    }
    EXPECT_NE(to_text(counted(many, 8080), {.width = 40}).find("28,003"), std::string::npos);
}

TEST(CensusText, SaysThatThereIsNothing) {
    EXPECT_EQ(to_text(counted({}), {}), "no TCP sockets\n");
    EXPECT_EQ(to_text(counted(mixed, 9), {}), "no TCP sockets with port 9\n");
}

TEST(CensusJson, HoldsEverything) {
    const std::chrono::system_clock::time_point at{std::chrono::seconds(1'795'000'000)};
    const auto line = to_json(counted(mixed, 8080), at);
    EXPECT_EQ(line.find('\n'), line.size() - 1);
    const auto whole = json::parse(line);
    EXPECT_EQ(whole.at("at"), "2026-11-18T11:06:40Z");
    EXPECT_EQ(whole.at("port"), 8080);
    EXPECT_EQ(whole.at("total"), 6);
    const auto& first = whole.at("states").at(0);
    EXPECT_EQ(first.at("state"), "TIME_WAIT");
    EXPECT_EQ(first.at("server_side"), 2);
    EXPECT_EQ(first.at("left_s").at("max"), 59.9);
    EXPECT_EQ(whole.at("states").at(1).at("orphans"), 1);
    const auto empty = json::parse(to_json(counted({}), at));
    EXPECT_TRUE(empty.at("port").is_null());
    EXPECT_TRUE(empty.at("states").as_array().empty());
}

}  // namespace
}  // namespace firstfin::states
