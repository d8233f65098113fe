#pragma once

#include <string>

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

}  // namespace firstfin::test
