#include "harness/bench/google_benchmark.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <numeric>

#include "harness/bench/figures.hpp"

namespace firstfin::bench {

namespace json = boost::json;

namespace {

struct times {
    std::vector<double> real;
    std::vector<double> cpu;
};

double mean(const std::vector<double>& of) {
    return std::accumulate(of.begin(), of.end(), 0.0) / static_cast<double>(of.size());
}

double deviation(const std::vector<double>& of) {
    if (of.size() < 2) return 0;
    const double middle = mean(of);
    double sum = 0;
    for (const auto each : of)
        sum += (each - middle) * (each - middle);
    return std::sqrt(sum / static_cast<double>(of.size() - 1));
}

json::object entry(const case_result& of, std::size_t family, std::size_t repetitions) {
    return {{"family_index", family},
            {"per_family_instance_index", 0},
            {"run_name", of.what.name},
            {"repetitions", repetitions},
            {"threads", 1},
            {"time_unit", "us"}};
}

void add_case(json::array& into, const case_result& of, std::size_t family) {
    const auto kept = kept_of(of);
    times all;
    for (const auto& one : kept) {
        const auto shows = figures_of(one);
        if (one.requests == 0 || !shows.client_cpu_us) continue;
        auto line = entry(of, family, kept.size());
        line["name"] = of.what.name;
        line["run_type"] = "iteration";
        line["repetition_index"] = all.real.size();
        line["iterations"] = one.requests;
        all.real.push_back(1e6 / one.requests_per_s());
        all.cpu.push_back(*shows.client_cpu_us);
        line["real_time"] = all.real.back();
        line["cpu_time"] = all.cpu.back();
        line["items_per_second"] = one.requests_per_s();
        line["p50_us"] = *shows.p50_us;
        line["p99_us"] = *shows.p99_us;
        line["p999_us"] = *shows.p999_us;
        into.push_back(std::move(line));
    }
    if (all.real.empty()) return;
    const auto aggregate = [&](const char* name, double real, double cpu) {
        auto line = entry(of, family, kept.size());
        line["name"] = of.what.name + "_" + name;
        line["run_type"] = "aggregate";
        line["aggregate_name"] = name;
        line["aggregate_unit"] = "time";
        line["iterations"] = all.real.size();
        line["real_time"] = real;
        line["cpu_time"] = cpu;
        into.push_back(std::move(line));
    };
    aggregate("mean", mean(all.real), mean(all.cpu));
    aggregate("median", *median(all.real), *median(all.cpu));
    aggregate("stddev", deviation(all.real), deviation(all.cpu));
}

}  // namespace

std::string as_google_benchmark(const bench_run& run) {
    json::object context{{"date", run.started}, {"executable", run.command}, {"library_build_type", "release"}};
    for (const auto& [name, value] : run.environment)
        context[name] = value;
    json::array benchmarks;
    for (std::size_t i = 0; i < run.cases.size(); ++i)
        add_case(benchmarks, run.cases[i], i);
    return json::serialize(json::object{{"context", std::move(context)}, {"benchmarks", std::move(benchmarks)}}) + "\n";
}

}  // namespace firstfin::bench
