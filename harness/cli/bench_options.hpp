#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/bench/run/settings.hpp"

namespace firstfin::cli {

/// `firstfin bench` as given.
struct bench_options {
    std::string file;
    std::vector<std::pair<std::string, std::string>> set;  ///< of bench::settings, in the order of the help
    std::vector<std::string> sysctls;
    std::string out;
    std::string format = "text";
    std::string benchmark_format;
    bool allow_remote = false;
};

/// The file's settings under the options'. Throws bad_input.
[[nodiscard]] bench::settings bench_settings_of(const bench_options& options);

}  // namespace firstfin::cli
