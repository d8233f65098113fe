#include "core/load_protocol.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

namespace firstfin::load {

namespace json = boost::json;

namespace {

std::int64_t count_of(duration value) {
    return value.count();
}

duration duration_at(const json::object& from, std::string_view key) {
    return duration(from.at(key).to_number<std::int64_t>());
}

std::uint64_t number_at(const json::object& from, std::string_view key) {
    return from.at(key).to_number<std::uint64_t>();
}

std::string text_at(const json::object& from, std::string_view key) {
    return std::string(from.at(key).as_string());
}

/// Any complaint about shape becomes one sentence.
template <class Function>
auto reading(std::string_view what, std::string_view text, Function&& read) -> result<decltype(read(json::object()))> {
    try {
        const auto document = json::parse(json::string_view(text.data(), text.size())).as_object();
        if (document.at("v").to_number<int>() != version)
            throw bad_input(
                fmt::format("speaks version {}, this program {}", document.at("v").to_number<int>(), version));
        return read(document);
    } catch (const std::exception& failed) {
        return parse_error(fmt::format("{}: {}", what, failed.what()));
    }
}

json::object to_object(const latencies& what) {
    return {{"p50", count_of(what.p50)},
            {"p90", count_of(what.p90)},
            {"p99", count_of(what.p99)},
            {"p999", count_of(what.p999)},
            {"max", count_of(what.max)}};
}

latencies latencies_from(const json::object& from) {
    return {duration_at(from, "p50"), duration_at(from, "p90"), duration_at(from, "p99"), duration_at(from, "p999"),
            duration_at(from, "max")};
}

json::object to_object(const closes& what) {
    return {{"client", what.client},
            {"server", what.server},
            {"reset_by_client", what.reset_by_client},
            {"reset_by_server", what.reset_by_server},
            {"unknown", what.unknown}};
}

closes closes_from(const json::object& from) {
    return {number_at(from, "client"), number_at(from, "server"), number_at(from, "reset_by_client"),
            number_at(from, "reset_by_server"), number_at(from, "unknown")};
}

order order_from(const json::object& from) {
    order out;
    out.server = parse_endpoint(std::string_view(from.at("server").as_string())).value();
    out.authority = text_at(from, "authority");
    out.path = text_at(from, "path");
    out.connections = from.at("connections").to_number<std::uint32_t>();
    out.requests_per_connection = parse_count_limit(text_at(from, "requests_per_connection")).value();
    out.pipelining = from.at("pipelining").to_number<std::uint32_t>();
    out.ends = parse_enum<closer>(text_at(from, "ends")).value();
    if (!from.at("rate").is_null()) out.rate = from.at("rate").to_number<double>();
    out.spacing = parse_enum<arrival>(text_at(from, "spacing")).value();
    out.warm_up = duration_at(from, "warm_up_ns");
    out.measured = duration_at(from, "measured_ns");
    out.patience = duration_at(from, "patience_ns");
    out.threads = from.at("threads").to_number<std::uint32_t>();
    out.seed = number_at(from, "seed");
    out.samples = text_at(from, "samples");
    return out;
}

phase phase_from(const json::object& from) {
    return {time_point(duration_at(from, "from_ns")), time_point(duration_at(from, "until_ns"))};
}

report report_from(const json::object& from) {
    report out;
    out.began = time_point(duration_at(from, "began_ns"));
    out.lasted = duration_at(from, "lasted_ns");
    out.requests = number_at(from, "requests");
    out.opened = number_at(from, "opened");
    out.unsent = number_at(from, "unsent");
    out.bytes = number_at(from, "bytes");
    out.latency = latencies_from(from.at("latency_ns").as_object());
    out.send_delay_p99 = duration_at(from, "send_delay_p99_ns");
    out.cpu = duration_at(from, "cpu_ns");
    out.starved = duration_at(from, "starved_ns");
    for (const auto& [name, count] : from.at("failures").as_object())
        out.failures[parse_enum<failure>(std::string_view(name)).value()] = count.to_number<std::uint64_t>();
    out.first = closes_from(from.at("closes").as_object());
    out.open_at_end = number_at(from, "open_at_end");
    return out;
}

}  // namespace

std::string to_json(const order& what) {
    json::object out{{"v", version},
                     {"server", to_text(what.server)},
                     {"authority", what.authority},
                     {"path", what.path},
                     {"connections", what.connections},
                     {"requests_per_connection", to_text(what.requests_per_connection)},
                     {"pipelining", what.pipelining},
                     {"ends", to_text(what.ends)},
                     {"rate", nullptr},
                     {"spacing", to_text(what.spacing)},
                     {"warm_up_ns", count_of(what.warm_up)},
                     {"measured_ns", count_of(what.measured)},
                     {"patience_ns", count_of(what.patience)},
                     {"threads", what.threads},
                     {"seed", what.seed},
                     {"samples", what.samples}};
    if (what.rate) out["rate"] = *what.rate;
    return json::serialize(out);
}

std::string to_json(const phase& what) {
    return json::serialize(json::object{{"v", version},
                                        {"from_ns", count_of(what.from.time_since_epoch())},
                                        {"until_ns", count_of(what.until.time_since_epoch())}});
}

std::string to_json(const report& what) {
    json::object failures;
    for (const auto& [which, count] : what.failures)
        failures[to_text(which)] = count;
    const json::object out{{"v", version},
                           {"began_ns", count_of(what.began.time_since_epoch())},
                           {"lasted_ns", count_of(what.lasted)},
                           {"requests", what.requests},
                           {"opened", what.opened},
                           {"unsent", what.unsent},
                           {"bytes", what.bytes},
                           {"latency_ns", to_object(what.latency)},
                           {"send_delay_p99_ns", count_of(what.send_delay_p99)},
                           {"cpu_ns", count_of(what.cpu)},
                           {"starved_ns", count_of(what.starved)},
                           {"failures", std::move(failures)},
                           {"closes", to_object(what.first)},
                           {"open_at_end", what.open_at_end}};
    return json::serialize(out);
}

result<order> parse_order(std::string_view text) {
    return reading("load order", text, order_from);
}

result<phase> parse_phase(std::string_view text) {
    return reading("load phase", text, phase_from);
}

result<report> parse_report(std::string_view text) {
    return reading("load report", text, report_from);
}

}  // namespace firstfin::load
