#include "harness/bench/bench_json.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "harness/bench/figures.hpp"

namespace firstfin::bench {

namespace json = boost::json;

namespace {

template <class Number>
json::value or_null(const std::optional<Number>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

json::value or_null(const std::optional<duration>& value) {
    return value ? json::value(value->count()) : json::value(nullptr);
}

json::object texts(const std::map<std::string, std::string>& from) {
    json::object out;
    for (const auto& [name, value] : from)
        out[name] = value;
    return out;
}

json::object counts(const std::map<std::string, std::uint64_t>& from) {
    json::object out;
    for (const auto& [name, value] : from)
        out[name] = value;
    return out;
}

json::object to_object(const first_fins& what) {
    return {{"client", what.client},
            {"server", what.server},
            {"both", what.both},
            {"reset_by_client", what.reset_by_client},
            {"reset_by_server", what.reset_by_server},
            {"unknown", what.unknown},
            {"witness", what.witness}};
}

json::object to_object(const repetition& one) {
    json::array curve;
    for (const auto& each : one.time_wait)
        curve.push_back(json::object{{"at_ns", each.at.count()},
                                     {"client", or_null(each.client)},
                                     {"server", or_null(each.server)},
                                     {"ports", or_null(each.ports)}});
    return {{"round", one.round},
            {"lasted_ns", one.lasted.count()},
            {"requests", one.requests},
            {"requests_per_s", one.requests_per_s()},
            {"opened", one.opened},
            {"unsent", one.unsent},
            {"latency_ns",
             {{"p50", one.latency.p50.count()},
              {"p90", one.latency.p90.count()},
              {"p99", one.latency.p99.count()},
              {"p999", one.latency.p999.count()},
              {"max", one.latency.max.count()}}},
            {"cpu_ns", {{"client", or_null(one.client_cpu)}, {"server", or_null(one.server_cpu)}}},
            {"segments", or_null(one.segments)},
            {"time_wait", std::move(curve)},
            {"first_fin", to_object(one.first)},
            {"errors", counts(one.errors)},
            {"discard", json::array(one.discard.begin(), one.discard.end())}};
}

json::object to_object(const case_result& one) {
    const auto& what = one.what;
    const auto middle = figures_of(one).middle;
    json::array repetitions;
    json::array discard;
    for (const auto& each : one.repetitions) {
        repetitions.push_back(to_object(each));
        for (const auto& why : each.discard)
            discard.push_back(json::value(fmt::format("round {}: {}", each.round + 1, why)));
    }
    json::object out{
        {"name", what.name},
        {"target", to_text(what.target)},
        {"where", what.where},
        {"connections", what.connections},
        {"requests_per_connection", to_text(what.requests_per_connection)},
        {"pipelining", what.pipelining},
        {"ends", to_text(what.ends)},
        {"rate", or_null(what.rate)},
        {"spacing", to_text(what.spacing)},
        {"sysctls", texts(what.sysctls)},
        {"requests_per_s", or_null(middle.requests_per_s)},
        {"latency_us",
         {{"p50", or_null(middle.p50_us)},
          {"p90", or_null(middle.p90_us)},
          {"p99", or_null(middle.p99_us)},
          {"p999", or_null(middle.p999_us)},
          {"max", or_null(middle.max_us)}}},
        {"cpu_us_per_request", {{"client", or_null(middle.client_cpu_us)}, {"server", or_null(middle.server_cpu_us)}}},
        {"connections_opened", or_null(middle.opened)},
        {"reuse_ratio",
         {{"used", or_null(middle.requests_per_opened)},
          {"ideal", what.requests_per_connection.is_unlimited() ? json::value(nullptr)
                                                                : json::value(what.requests_per_connection.value)}}},
        {"segments_per_request", or_null(middle.segments)},
        {"time_wait", {{"client", or_null(middle.client_time_wait)}, {"server", or_null(middle.server_time_wait)}}},
        {"ports", or_null(middle.ports)},
        {"first_fin", to_object(first_fins_of(one))},
        {"errors", counts(errors_of(one))},
        {"discard", std::move(discard)}};
    out["repetitions"] = std::move(repetitions);
    return out;
}

// Reading. Boost.JSON's complaints name a place in its source: whoever catches them says which file it was.

std::uint64_t number_at(const json::object& from, std::string_view key) {
    return from.at(key).to_number<std::uint64_t>();
}

duration time_at(const json::object& from, std::string_view key) {
    return duration(from.at(key).to_number<std::int64_t>());
}

std::optional<std::uint64_t> maybe_number(const json::object& from, std::string_view key) {
    if (from.at(key).is_null()) return std::nullopt;
    return number_at(from, key);
}

std::optional<duration> maybe_time(const json::object& from, std::string_view key) {
    if (from.at(key).is_null()) return std::nullopt;
    return time_at(from, key);
}

std::string text_at(const json::object& from, std::string_view key) {
    return std::string(from.at(key).as_string());
}

std::map<std::string, std::string> texts_at(const json::object& from, std::string_view key) {
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : from.at(key).as_object())
        out.emplace(name, value.as_string());
    return out;
}

repetition repetition_from(const json::object& from) {
    repetition out;
    out.round = static_cast<std::uint32_t>(number_at(from, "round"));
    out.lasted = time_at(from, "lasted_ns");
    out.requests = number_at(from, "requests");
    out.opened = number_at(from, "opened");
    out.unsent = number_at(from, "unsent");
    const auto& latency = from.at("latency_ns").as_object();
    out.latency = {time_at(latency, "p50"), time_at(latency, "p90"), time_at(latency, "p99"), time_at(latency, "p999"),
                   time_at(latency, "max")};
    const auto& cpu = from.at("cpu_ns").as_object();
    out.client_cpu = maybe_time(cpu, "client");
    out.server_cpu = maybe_time(cpu, "server");
    out.segments = maybe_number(from, "segments");
    for (const auto& each : from.at("time_wait").as_array()) {
        const auto& one = each.as_object();
        out.time_wait.push_back({time_at(one, "at_ns"), maybe_number(one, "client"), maybe_number(one, "server"),
                                 maybe_number(one, "ports")});
    }
    const auto& first = from.at("first_fin").as_object();
    out.first = {number_at(first, "client"),
                 number_at(first, "server"),
                 number_at(first, "both"),
                 number_at(first, "reset_by_client"),
                 number_at(first, "reset_by_server"),
                 number_at(first, "unknown"),
                 text_at(first, "witness")};
    for (const auto& [name, count] : from.at("errors").as_object())
        out.errors.emplace(name, count.to_number<std::uint64_t>());
    for (const auto& why : from.at("discard").as_array())
        out.discard.emplace_back(why.as_string());
    return out;
}

case_result case_from(const json::object& from) {
    case_result out;
    auto& what = out.what;
    what.name = text_at(from, "name");
    what.target = parse_enum<target_kind>(text_at(from, "target")).value();
    what.where = text_at(from, "where");
    what.connections = static_cast<std::uint32_t>(number_at(from, "connections"));
    what.requests_per_connection = parse_count_limit(text_at(from, "requests_per_connection")).value();
    what.pipelining = static_cast<std::uint32_t>(number_at(from, "pipelining"));
    what.ends = parse_enum<load::closer>(text_at(from, "ends")).value();
    if (!from.at("rate").is_null()) what.rate = from.at("rate").to_number<double>();
    what.spacing = parse_enum<load::arrival>(text_at(from, "spacing")).value();
    what.sysctls = texts_at(from, "sysctls");
    for (const auto& each : from.at("repetitions").as_array())
        out.repetitions.push_back(repetition_from(each.as_object()));
    return out;
}

}  // namespace

std::string to_json(const bench_run& run) {
    json::array cases;
    for (const auto& each : run.cases)
        cases.push_back(to_object(each));
    return json::serialize(json::object{{"schema", schema},
                                        {"command", run.command},
                                        {"started", run.started},
                                        {"complete", run.complete},
                                        {"environment", texts(run.environment)},
                                        {"cases", std::move(cases)}});
}

bench_run from_json(std::string_view text, std::string_view name) {
    try {
        const auto document = json::parse(json::string_view(text.data(), text.size())).as_object();
        if (const auto there = document.at("schema").to_number<int>(); there != schema)
            throw bad_input(fmt::format("it has schema {}, this program reads {}", there, schema));
        bench_run out;
        out.command = text_at(document, "command");
        out.started = text_at(document, "started");
        out.complete = document.at("complete").as_bool();
        out.environment = texts_at(document, "environment");
        for (const auto& each : document.at("cases").as_array())
            out.cases.push_back(case_from(each.as_object()));
        return out;
    } catch (const std::exception& failed) {
        throw bad_input(fmt::format("{}: no benchmark of ours, or damaged: {}", name, failed.what()));
    }
}

}  // namespace firstfin::bench
