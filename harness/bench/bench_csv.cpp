#include "harness/bench/bench_csv.hpp"

#include <fmt/ranges.h>

#include "harness/bench/figures.hpp"
#include "harness/report/csv_line.hpp"

namespace firstfin::bench {

namespace {

constexpr auto heading =
    "case,target,connections,requests_per_connection,ends,rate,round,requests,requests_per_s,p50_us,p90_us,p99_us,p999_"
    "us,"
    "max_us,client_cpu_us_per_request,server_cpu_us_per_request,connections_opened,segments_per_request,"
    "client_time_wait,server_time_wait,ports,first_fin_client,first_fin_server,first_fin_both,reset_by_client,"
    "reset_by_server,first_fin_unknown,errors,discard\n";

void add(report::csv_line& line, const std::optional<double>& value) {
    if (value)
        line.number(*value);
    else
        line.nothing();
}

void add_row(std::string& out, const bench_case& what, const repetition& one) {
    report::csv_line line(out);
    const auto shows = figures_of(one);
    line.text(what.name);
    line.text(what.target == target_kind::url ? what.where : to_text(what.target));
    line.number(what.connections);
    line.text(to_text(what.requests_per_connection));
    line.text(to_text(what.ends));
    add(line, what.rate);
    line.number(one.round + 1);
    line.number(one.requests);
    for (const auto& value : {shows.requests_per_s, shows.p50_us, shows.p90_us, shows.p99_us, shows.p999_us,
                              shows.max_us, shows.client_cpu_us, shows.server_cpu_us, shows.opened, shows.segments,
                              shows.client_time_wait, shows.server_time_wait, shows.ports})
        add(line, value);
    for (const auto number : {one.first.client, one.first.server, one.first.both, one.first.reset_by_client,
                              one.first.reset_by_server, one.first.unknown})
        line.number(number);
    std::vector<std::string> errors;
    for (const auto& [name, count] : one.errors)
        errors.push_back(fmt::format("{} {}", name, count));
    line.text(fmt::format("{}", fmt::join(errors, "; ")));
    line.text(fmt::format("{}", fmt::join(one.discard, "; ")));
}

}  // namespace

std::string as_csv(const bench_run& run) {
    std::string out = heading;
    for (const auto& each : run.cases)
        for (const auto& one : each.repetitions)
            add_row(out, each.what, one);
    return out;
}

}  // namespace firstfin::bench
