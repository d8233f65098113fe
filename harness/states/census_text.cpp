#include "harness/states/census_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::states {

using report::align;
using report::grouped;

namespace {

std::string seconds(std::chrono::milliseconds value) {
    return fmt::format("{:.1f}s", std::chrono::duration<double>(value).count());
}

}  // namespace

std::string to_text(const census& counted, const report::text_options& options) {
    if (counted.total == 0)
        return counted.port ? fmt::format("no TCP sockets with port {}\n", *counted.port) : "no TCP sockets\n";
    const bool any_left = std::ranges::any_of(counted.lines, [](const auto& one) { return one.left.has_value(); });
    const bool any_orphan = std::ranges::any_of(counted.lines, [](const auto& one) { return one.orphans != 0; });
    std::vector<report::table::column> columns{{"state", align::left, 0}, {"sockets", align::right, 0}};
    if (counted.port)
        columns.insert(columns.end(), {{"server side", align::right, 0}, {"client side", align::right, 0}});
    if (any_left)
        for (const auto* which : {"min left", "median left", "max left"})
            columns.push_back({which, align::right, 1});
    if (any_orphan) columns.push_back({"orphans", align::right, 1});
    report::table rows(std::move(columns));
    const auto add = [&](std::string name, const state_line& one) {
        std::vector<std::string> row{std::move(name), grouped(one.sockets)};
        if (counted.port) row.insert(row.end(), {grouped(one.server_side), grouped(one.client_side)});
        if (any_left && one.left)
            row.insert(row.end(), {seconds(one.left->min), seconds(one.left->median), seconds(one.left->max)});
        else if (any_left)
            row.insert(row.end(), {"", "", ""});
        if (any_orphan) row.push_back(one.orphans == 0 ? "" : grouped(one.orphans));
        rows.add_row(std::move(row));
    };
    for (const auto& one : counted.lines)
        add(std::string(firstfin::to_text(one.state)), one);
    state_line total;
    total.sockets = counted.total;
    total.server_side = counted.server_side;
    total.client_side = counted.client_side;
    add("total", total);
    const auto sides = fmt::format("port {}: server side where it is the local one, client side where the remote one",
                                   counted.port.value_or(0));
    return (counted.port ? report::paragraph(sides, options.width, 2) : std::string{}) + rows.text(options.width);
}

std::string moment_text(std::chrono::system_clock::time_point at) {
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

}  // namespace firstfin::states
