#include "harness/bench/rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace firstfin::bench {

namespace {

/// Twice the rank of each value of both, so that a mean of ranks is a whole number.
std::vector<std::size_t> doubled_ranks(const std::vector<double>& values) {
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
    std::vector<std::size_t> out(values.size());
    for (std::size_t from = 0; from < order.size();) {
        auto to = from;
        while (to < order.size() && values[order[to]] == values[order[from]])
            ++to;
        // Ranks from + 1 to `to`: twice their mean is the sum of the first and the last.
        for (auto i = from; i < to; ++i)
            out[order[i]] = from + 1 + to;
        from = to;
    }
    return out;
}

}  // namespace

double rank_test(const std::vector<double>& one, const std::vector<double>& other) {
    if (one.empty() || other.empty()) return 1;
    auto all = one;
    all.insert(all.end(), other.begin(), other.end());
    const auto ranks = doubled_ranks(all);
    const auto most = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
    const auto seen =
        std::accumulate(ranks.begin(), ranks.begin() + static_cast<std::ptrdiff_t>(one.size()), std::size_t{0});
    // ways[n][s]: how many choices of n values have the rank sum s. Doubles: counts that large need no last digit.
    std::vector<std::vector<double>> ways(one.size() + 1, std::vector<double>(most + 1));
    ways[0][0] = 1;
    for (const auto rank : ranks)
        for (auto n = one.size(); n > 0; --n)
            for (auto sum = most; sum + 1 > rank; --sum)
                ways[n][sum] += ways[n - 1][sum - rank];
    const auto& chosen = ways[one.size()];
    const double expected = static_cast<double>(most * one.size()) / static_cast<double>(all.size());
    const double distance = std::abs(static_cast<double>(seen) - expected);
    double as_far = 0;
    double total = 0;
    for (std::size_t sum = 0; sum <= most; ++sum) {
        total += chosen[sum];
        if (std::abs(static_cast<double>(sum) - expected) >= distance - 1e-9) as_far += chosen[sum];
    }
    return std::min(1.0, as_far / total);
}

}  // namespace firstfin::bench
