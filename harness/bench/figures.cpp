#include "harness/bench/figures.hpp"

#include <algorithm>
#include <cmath>

namespace firstfin::bench {

namespace {

double us(duration value) {
    return static_cast<double>(value.count()) / 1e3;
}

std::optional<double> per_request(std::optional<double> value, const repetition& one) {
    if (!value || one.requests == 0) return std::nullopt;
    return *value / static_cast<double>(one.requests);
}

std::optional<double> most(const repetition& one, std::optional<std::uint64_t> population::*which) {
    std::optional<double> out;
    for (const auto& each : one.time_wait)
        if (each.*which) out = std::max(out.value_or(0), static_cast<double>(*(each.*which)));
    return out;
}

/// The chance that at least `many` of `of` throws of a coin are heads.
double tail(std::size_t many, std::size_t of) {
    double sum = 0;
    for (auto heads = many; heads <= of; ++heads) {
        const auto n = static_cast<double>(of);
        const auto k = static_cast<double>(heads);
        sum += std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) - n * std::log(2.0));
    }
    return sum;
}

ratio interval_of(std::vector<double> values) {
    std::ranges::sort(values);
    const auto n = values.size();
    // The widest cut on both sides that leaves 95 %.
    std::size_t cut = 0;
    while (2 * (cut + 1) < n && 1 - 2 * tail(n - cut - 1, n) >= 0.95)
        ++cut;
    return {*median(values), values[cut], values[n - 1 - cut], 1 - 2 * tail(n - cut, n)};
}

}  // namespace

std::optional<double> median(std::vector<double> values) {
    if (values.empty()) return std::nullopt;
    std::ranges::sort(values);
    const auto middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

figures figures_of(const repetition& one) {
    figures out;
    out.requests_per_s = one.requests_per_s();
    if (one.requests > 0) {
        out.p50_us = us(one.latency.p50);
        out.p90_us = us(one.latency.p90);
        out.p99_us = us(one.latency.p99);
        out.p999_us = us(one.latency.p999);
        out.max_us = us(one.latency.max);
    }
    if (one.client_cpu) out.client_cpu_us = per_request(us(*one.client_cpu), one);
    if (one.server_cpu) out.server_cpu_us = per_request(us(*one.server_cpu), one);
    out.opened = static_cast<double>(one.opened);
    if (one.lasted > duration::zero()) out.opened_per_s = *out.opened / seconds_of(one.lasted);
    if (one.opened > 0) out.requests_per_opened = static_cast<double>(one.requests) / *out.opened;
    if (one.segments) out.segments = per_request(static_cast<double>(*one.segments), one);
    out.client_time_wait = most(one, &population::client);
    out.server_time_wait = most(one, &population::server);
    out.ports = most(one, &population::ports);
    return out;
}

std::vector<repetition> kept_of(const case_result& all) {
    std::vector<repetition> out;
    std::ranges::copy_if(all.repetitions, std::back_inserter(out),
                         [](const auto& each) { return each.discard.empty(); });
    return out;
}

case_figures figures_of(const case_result& all) {
    auto chosen = kept_of(all);
    case_figures out;
    out.kept = chosen.size();
    out.of = all.repetitions.size();
    if (chosen.empty()) chosen = all.repetitions;
    std::vector<figures> each;
    for (const auto& one : chosen)
        each.push_back(figures_of(one));
    const auto take = [&](std::optional<double> figures::*which) {
        std::vector<double> known;
        for (const auto& one : each)
            if (one.*which) known.push_back(*(one.*which));
        // What some repetitions cannot say the case does not say.
        if (known.size() == each.size()) out.middle.*which = median(std::move(known));
    };
    for (const auto which :
         {&figures::requests_per_s, &figures::p50_us, &figures::p90_us, &figures::p99_us, &figures::p999_us,
          &figures::max_us, &figures::client_cpu_us, &figures::server_cpu_us, &figures::opened, &figures::opened_per_s,
          &figures::requests_per_opened, &figures::segments, &figures::client_time_wait, &figures::server_time_wait,
          &figures::ports})
        take(which);
    return out;
}

std::map<std::string, std::uint64_t> errors_of(const case_result& all) {
    std::map<std::string, std::uint64_t> out;
    for (const auto& one : all.repetitions)
        for (const auto& [name, count] : one.errors)
            out[name] += count;
    return out;
}

first_fins first_fins_of(const case_result& all) {
    first_fins out;
    for (const auto& one : all.repetitions) {
        out.client += one.first.client;
        out.server += one.first.server;
        out.both += one.first.both;
        out.reset_by_client += one.first.reset_by_client;
        out.reset_by_server += one.first.reset_by_server;
        out.unknown += one.first.unknown;
        out.witness = one.first.witness;
    }
    return out;
}

std::optional<ratio> ratio_of(const case_result& one, const case_result& baseline,
                              std::optional<double> figures::*which) {
    std::vector<double> ratios;
    const auto others = kept_of(baseline);
    for (const auto& each : kept_of(one)) {
        const auto other = std::ranges::find(others, each.round, &repetition::round);
        if (other == others.end()) continue;
        const auto above = figures_of(each).*which;
        const auto below = figures_of(*other).*which;
        if (above && below && *below > 0) ratios.push_back(*above / *below);
    }
    if (ratios.empty()) return std::nullopt;
    return interval_of(std::move(ratios));
}

const case_result& baseline_of(const bench_run& run, const case_result& one) {
    const case_result* first = nullptr;
    const case_result* single = nullptr;
    for (const auto& each : run.cases) {
        const auto& a = each.what;
        const auto& b = one.what;
        if (a.target != b.target || a.where != b.where || a.connections != b.connections || a.rate != b.rate) continue;
        if (first == nullptr) first = &each;
        if (a.requests_per_connection != count_limit{1} || a.sysctls != b.sysctls) continue;
        // Reuse is weighed with the same closer; single requests among themselves, by the first closer.
        if (a.ends == b.ends && b.requests_per_connection != count_limit{1}) return each;
        if (single == nullptr) single = &each;
    }
    if (single != nullptr) return *single;
    return first != nullptr ? *first : one;
}

}  // namespace firstfin::bench
