#pragma once

#include <string>
#include <vector>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

enum class finding {
    no_difference_shown,
    faster,
    slower,
    too_few,  ///< so few repetitions that no difference, however large, could be shown
};

/// One case in two runs, by requests a second.
struct compared_case {
    std::string name;
    double before = 0;  ///< median
    double after = 0;
    double p = 1;  ///< rank_test()
    finding says = finding::no_difference_shown;
};

struct comparison {
    std::vector<compared_case> cases;
    std::vector<std::string> only_before;
    std::vector<std::string> only_after;
    /// "kernel: a, then b": what else may be the reason, of the machines and of cases that have one name.
    std::vector<std::string> environments;
};

/// Below this p a difference counts as shown.
inline constexpr double significance = 0.05;

/// Of an open loop, whose rate is given, what is compared is p99; lower is then "faster".
[[nodiscard]] comparison compare(const bench_run& before, const bench_run& after);

[[nodiscard]] std::string as_text(const comparison& what, std::size_t width);
[[nodiscard]] std::string to_json(const comparison& what);

}  // namespace firstfin::bench

namespace firstfin {
template <>
inline constexpr std::array names_of<bench::finding> = {
    enum_name<bench::finding>{bench::finding::no_difference_shown, "no difference shown"},
    enum_name<bench::finding>{bench::finding::faster, "faster"},
    enum_name<bench::finding>{bench::finding::slower, "slower"},
    enum_name<bench::finding>{bench::finding::too_few, "too few repetitions"}};
}  // namespace firstfin
