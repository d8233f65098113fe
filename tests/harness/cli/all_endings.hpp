#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace firstfin::test {

/// Every kind of ending on real sockets.
inline constexpr auto all_endings = R"(
title = "all endings"
[server]
keepalive_timeout = "150ms"
header_timeout = "200ms"
[client]
idle_timeout = "300ms"
[run]
replicates = REPLICATES
observe = "300ms"
[[sweep.zip]]
"scenario.kind" =            ["idle", "idle",  "idle",  "idle",  "connection-close", "abort", "abort",     "half-close", "idle",   "idle",  "idle",   "cadence", "idle", "raw"]
"scenario.requests" =        [1,      1,       1,       3,       2,                  1,       1,           1,            1,        0,       1,        3,         1,      1]
"scenario.abort_at" =        ["idle", "idle",  "idle",  "idle",  "idle",             "idle",  "in_flight", "idle",       "idle",   "idle",  "idle",   "idle",    "idle", "idle"]
"scenario.gap" =             ["0",    "0",     "0",     "0",     "0",                "0",     "0",         "0",          "0",      "0",     "0",      "60ms",    "0",    "0"]
"scenario.raw" =             ["",     "",      "",      "",      "",                 "",      "",          "",           "",       "",      "",       "",        "",     "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"]
"server.close_style" =       ["fin",  "rst",   "fin",   "fin",   "fin",              "fin",   "fin",       "fin",        "fin",    "fin",   "linger", "fin",     "fin",  "fin"]
"server.keepalive_requests" = [100,   100,     100,     2,       100,                100,     100,         100,          100,      100,     1,        100,       100,    100]
"server.response_delay" =    ["0",    "0",     "0",     "0",     "0",                "0",     "50ms",      "0",          "0",      "0",     "0",      "0",       "0",    "0"]
"server.on_client_fin" =     ["finish","finish","finish","finish","finish",          "finish","finish",    "finish",     "finish", "finish","finish", "finish",  "ignore","finish"]
"client.close_mode" =        ["timer","timer", "lazy",  "timer", "timer",            "timer", "timer",     "timer",      "timer",  "timer", "timer",  "timer",   "timer","timer"]
"client.notices_fin" =       ["at_once","at_once","lazy","at_once","at_once",        "at_once","at_once",  "at_once",    "at_once","at_once","at_once","at_once","at_once","at_once"]
"client.close_style" =       ["fin",  "fin",   "fin",   "fin",   "fin",              "fin",   "fin",       "fin",        "rst",    "fin",   "fin",    "fin",     "fin",  "fin"]
"client.idle_timeout" =      ["300ms","300ms", "300ms", "300ms", "300ms",            "300ms", "300ms",     "300ms",      "80ms",   "300ms", "300ms",  "300ms",   "80ms", "300ms"]
)";

inline std::string all_endings_with(int replicates) {
    std::string text = all_endings;
    return text.replace(text.find("REPLICATES"), 10, std::to_string(replicates));
}

/// What the model says of them, against a JSON report of such a run.
inline void expect_the_models_endings(const boost::json::object& report, int replicates) {
    const std::vector<std::string> expected{"orderly", "reset",   "half_closed", "orderly", "orderly",
                                            "reset",   "reset",   "orderly",     "reset",   "orderly",
                                            "orderly", "orderly", "half_closed", "orderly"};
    const std::set<std::size_t> both_close_at_once{3, 4, 10};
    const auto& cells = report.at("cells").as_array();
    ASSERT_EQ(cells.size(), expected.size());
    for (std::size_t number = 0; number < cells.size(); ++number) {
        const auto& endings = cells[number].at("ending");
        auto as_expected = endings.at(expected[number]).to_number<int>();
        // After a response that says close both sides close at once: on a busy machine their FINs may cross.
        if (both_close_at_once.contains(number)) as_expected += endings.at("simultaneous").to_number<int>();
        EXPECT_EQ(as_expected, replicates) << number << ": " << boost::json::serialize(cells[number]);
        EXPECT_EQ(cells[number].at("conflicts"), 0);
        EXPECT_EQ(cells[number].at("invalid"), 0);
    }
}

}  // namespace firstfin::test
