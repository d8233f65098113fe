#include <fmt/format.h>

#include <iterator>

#include "harness/states/census_text.hpp"

namespace firstfin::states {

namespace {

double seconds(std::chrono::milliseconds value) {
    return std::chrono::duration<double>(value).count();
}

}  // namespace

std::string to_json(const census& counted, std::chrono::system_clock::time_point at) {
    std::string out;
    const auto into = std::back_inserter(out);
    fmt::format_to(into, "{{\"schema\":1,\"at\":\"{}\",\"port\":", moment_text(at));
    if (counted.port)
        fmt::format_to(into, "{}", *counted.port);
    else
        out += "null";
    fmt::format_to(into, ",\"total\":{},\"states\":[", counted.total);
    for (const auto& one : counted.lines) {
        if (&one != &counted.lines.front()) out += ',';
        fmt::format_to(into, "{{\"state\":\"{}\",\"sockets\":{},\"orphans\":{}", firstfin::to_text(one.state),
                       one.sockets, one.orphans);
        if (counted.port)
            fmt::format_to(into, ",\"server_side\":{},\"client_side\":{}", one.server_side, one.client_side);
        if (one.left)
            fmt::format_to(into, ",\"left_s\":{{\"min\":{},\"median\":{},\"max\":{}}}", seconds(one.left->min),
                           seconds(one.left->median), seconds(one.left->max));
        out += '}';
    }
    return out + "]}\n";
}

}  // namespace firstfin::states
