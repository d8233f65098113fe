#include "harness/validate/validation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "harness/validate/annotations.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/rule.hpp"

namespace firstfin::validate {

namespace {

void add_rows(const hops& ways, const system_figures& system, std::vector<hop_row>& into) {
    for (const auto& hop : ways.in) {
        if (hop.peers.empty()) into.push_back({hop.name, true, "", "nobody said who connects (--client)", {}});
        for (const auto& one : hop.peers) {
            if (one.what.needs_timeout)
                into.push_back({hop.name, true, one.id, "its idle limit is configured: give it as 'idle=30s,...'", {}});
            else
                into.push_back({hop.name, true, one.id, "", outlook_of(hop, one, system)});
        }
    }
    for (const auto& hop : ways.out) {
        const auto name = hop.label();
        if (hop.backends.empty() || !hop.reuses())
            into.push_back({name, false, hop.backends.empty() ? "" : hop.backends.front().id,
                            hop.why_not == obstacle::unknown ? "variables decide where it goes" : "",
                            outlook_of(hop, nullptr, system)});
        else
            for (const auto& one : hop.backends) {
                if (one.what.needs_timeout)
                    into.push_back({name, false, one.id, "its idle limit is configured: give it as 'idle=5s'", {}});
                else
                    into.push_back({name, false, one.id, "", outlook_of(hop, &one, system)});
            }
    }
}

auto order_of(const finding& one) {
    return std::tuple(one.where.file, one.where.line, one.where.column, one.rule, -static_cast<int>(one.level));
}

}  // namespace

bool validation::has_at_least(severity level) const {
    return std::ranges::any_of(findings, [&](const finding& one) { return !one.ignored && one.level >= level; });
}

validation validate(nginx_conf::configuration read, question asked, const catalogue& profiles) {
    validation out;
    out.read = std::move(read);
    out.asked = std::move(asked);
    const auto all = nginx_conf::effective(out.read, out.asked.version);
    const auto notes = read_annotations(out.read);
    for (auto& one : annotated_clients(notes, out.read, all, profiles))
        out.asked.clients.push_back(std::move(one));
    for (auto& one : annotated_backends(notes, out.read, all, profiles))
        out.asked.backends.push_back(std::move(one));
    const auto ways = hops_of(all, out.asked.clients, out.asked.backends, out.asked.traffic);

    complaints found;
    const facts about{out.read, all, ways, out.asked.traffic, out.asked.system};
    for (const auto& one : all_rules())
        one.look(about, found);
    out.findings = std::move(found.findings());
    leave_frame(out.findings, out.read);
    std::ranges::sort(out.findings, {}, order_of);
    out.not_judged = std::move(found.lacking());
    for (auto& one : apply_ignores(notes, out.read.files, out.findings, out.not_judged))
        out.remarks.push_back(std::move(one));
    add_rows(ways, out.asked.system, out.rows);
    for (const auto& one : out.read.messages)
        if (one.level != nginx_conf::severity::emerg) out.remarks.push_back(out.read.in_words(one));
    for (const auto& one : ways.unmatched)
        out.remarks.push_back(
            fmt::format("no hop is called '{}': what was said of it counts for nothing", nginx_conf::printable(one)));
    return out;
}

}  // namespace firstfin::validate
