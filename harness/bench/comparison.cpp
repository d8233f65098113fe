#include "harness/bench/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "harness/bench/figures.hpp"
#include "harness/bench/rank_test.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::bench {

namespace {

/// What a case is compared by: how much it bears, or in an open loop how long people wait.
std::vector<double> values_of(const case_result& of) {
    std::vector<double> out;
    for (const auto& each : kept_of(of)) {
        const auto shows = figures_of(each);
        if (const auto value = of.what.rate ? shows.p99_us : shows.requests_per_s) out.push_back(*value);
    }
    return out;
}

/// The smallest p that so many values can have.
double smallest_p(std::size_t one, std::size_t other) {
    std::vector<double> low(one);
    std::vector<double> high(other);
    for (std::size_t i = 0; i < one; ++i)
        low[i] = static_cast<double>(i);
    for (std::size_t i = 0; i < other; ++i)
        high[i] = static_cast<double>(one + i);
    return rank_test(low, high);
}

compared_case compare_case(const case_result& before, const case_result& after) {
    const auto a = values_of(before);
    const auto b = values_of(after);
    compared_case out;
    out.name = before.what.name;
    out.before = median(a).value_or(0);
    out.after = median(b).value_or(0);
    out.p = rank_test(a, b);
    if (smallest_p(a.size(), b.size()) >= significance)
        out.says = finding::too_few;
    else if (out.p < significance)
        out.says = (out.after > out.before) != before.what.rate.has_value() ? finding::faster : finding::slower;
    return out;
}

const case_result* find_case(const bench_run& in, const std::string& name) {
    const auto found = std::ranges::find(in.cases, name, [](const auto& each) { return each.what.name; });
    return found == in.cases.end() ? nullptr : &*found;
}

}  // namespace

comparison compare(const bench_run& before, const bench_run& after) {
    comparison out;
    for (const auto& each : before.cases) {
        if (const auto* other = find_case(after, each.what.name)) {
            out.cases.push_back(compare_case(each, *other));
            if (each.what != other->what)
                out.environments.push_back(fmt::format(
                    "{}: not the same settings (who closes, pipelining, spacing or sysctls)", each.what.name));
        } else
            out.only_before.push_back(each.what.name);
    }
    for (const auto& each : after.cases)
        if (find_case(before, each.what.name) == nullptr) out.only_after.push_back(each.what.name);
    for (const auto& [name, value] : before.environment) {
        const auto other = after.environment.find(name);
        const auto there = other == after.environment.end() ? "nothing" : other->second;
        if (there != value) out.environments.push_back(fmt::format("{}: {}, then {}", name, value, there));
    }
    for (const auto& [name, value] : after.environment)
        if (!before.environment.contains(name))
            out.environments.push_back(fmt::format("{}: nothing, then {}", name, value));
    return out;
}

std::string as_text(const comparison& what, std::size_t width) {
    using report::align;
    report::table table({{"case", align::left, 0},
                         {"before", align::right, 2},
                         {"after", align::right, 2},
                         {"ratio", align::right, 0},
                         {"p", align::right, 1},
                         {"says", align::left, 0}});
    for (const auto& each : what.cases)
        table.add_row({report::shown(each.name), fmt::format("{:.0f}", each.before), fmt::format("{:.0f}", each.after),
                       each.before > 0 ? fmt::format("{:.3f}", each.after / each.before) : "?",
                       fmt::format("{:.3f}", each.p), std::string(to_text(each.says))});
    auto out = table.text(width);
    out += report::paragraph(
        "Requests a second, or p99 in us where a rate was given; medians. p: Mann and Whitney's exact test, two-sided; "
        "below "
        "0.05 a difference counts as shown.",
        width);
    for (const auto& name : what.only_before)
        out += report::paragraph("only before: " + report::shown(name), width, 2);
    for (const auto& name : what.only_after)
        out += report::paragraph("only after: " + report::shown(name), width, 2);
    for (const auto& each : what.environments)
        out += report::paragraph("what differs besides: " + report::shown(each), width, 2);
    return out;
}

std::string to_json(const comparison& what) {
    namespace json = boost::json;
    json::array cases;
    for (const auto& each : what.cases)
        cases.push_back(json::object{{"name", each.name},
                                     {"before", each.before},
                                     {"after", each.after},
                                     {"p", each.p},
                                     {"says", to_text(each.says)}});
    const auto list = [](const std::vector<std::string>& from) { return json::array(from.begin(), from.end()); };
    return json::serialize(json::object{{"schema", 1},
                                        {"cases", std::move(cases)},
                                        {"only_before", list(what.only_before)},
                                        {"only_after", list(what.only_after)},
                                        {"environments", list(what.environments)}});
}

}  // namespace firstfin::bench
