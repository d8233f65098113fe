#include "harness/cli/show_bench.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "harness/bench/bench_csv.hpp"
#include "harness/bench/bench_json.hpp"
#include "harness/bench/bench_markdown.hpp"
#include "harness/bench/bench_text.hpp"
#include "harness/bench/google_benchmark.hpp"
#include "harness/cli/command.hpp"
#include "harness/report/text_options.hpp"

namespace firstfin::cli {

namespace {

std::string printed(const bench::bench_run& run, const std::string& format) {
    if (format == "json") return bench::to_json(run) + "\n";
    if (format == "csv") return bench::as_csv(run);
    if (format == "markdown") return bench::as_markdown(run);
    if (format == "google") return bench::as_google_benchmark(run);
    return bench::as_text(run, report::text_options_for(STDOUT_FILENO).width);
}

}  // namespace

int show_bench(const bench::bench_run& run, const std::string& format) {
    fmt::print("{}", printed(run, format));
    std::fflush(stdout);
    const bool any_discarded = std::ranges::any_of(run.cases, [](const auto& one) {
        return std::ranges::any_of(one.repetitions, [](const auto& each) { return !each.discard.empty(); });
    });
    return any_discarded ? exit_code::findings : exit_code::fine;
}

}  // namespace firstfin::cli
