#include <boost/json.hpp>

#include "harness/validate/parts.hpp"
#include "harness/validate/printing/json_writing.hpp"
#include "harness/validate/printing/printing.hpp"
#include "harness/validate/printing/rows.hpp"

namespace firstfin::validate::printing {

namespace {

namespace json = boost::json;

json::value maybe(const std::optional<double>& value) {
    return value ? json::value(*value) : json::value(nullptr);
}

json::value seconds(duration value) {
    return seconds_of(value);
}

json::object place_of(nginx_conf::position where, const nginx_conf::configuration& read) {
    if (!where.is_known())
        return {{"file", nginx_conf::printable(judged_name(read))}, {"line", nullptr}, {"column", nullptr}};
    return {{"file", nginx_conf::printable(read.files.at(where.file))}, {"line", where.line}, {"column", where.column}};
}

json::array texts(const std::vector<std::string>& from) {
    json::array out;
    for (const auto& one : from)
        out.emplace_back(nginx_conf::printable(one));
    return out;
}

std::string who(model::closer which, bool inward) {
    if (which == model::closer::undecided) return "either";
    if (which == model::closer::nobody) return "nobody";
    return std::string(side_of(which, inward));
}

json::object of_row(const hop_row& row) {
    json::object out{{"hop", nginx_conf::printable(row.hop)},
                     {"direction", row.inward ? "in" : "out"},
                     {"peer", row.peer.empty() ? json::value(nullptr) : json::value(nginx_conf::printable(row.peer))}};
    if (!row.says.empty()) {
        out["unknown"] = nginx_conf::printable(row.says);
        return out;
    }
    const auto& ahead = row.ahead;
    out["closes_first"] = who(ahead.first, row.inward);
    out["after_s"] = ahead.when ? json::value(json::array{seconds(ahead.when->earliest), seconds(ahead.when->latest)})
                                : json::value(nullptr);
    out["time_wait"] = {{"side", who(ahead.time_wait, row.inward)},
                        {"least", maybe(ahead.time_wait_least)},
                        {"most", maybe(ahead.time_wait_most)}};
    out["requests_lost"] = nginx_conf::printable(ahead.lost);
    out["why"] = nginx_conf::printable(ahead.why);
    return out;
}

json::object of_finding(const finding& one, const nginx_conf::configuration& read) {
    json::object out{
        {"rule", one.rule},
        {"severity", to_text(one.level)},
        {"place", place_of(one.where, read)},
        {"text", nginx_conf::printable(one.text)},
        {"fix", nginx_conf::printable(one.advice)},
        {"hops", texts(one.hops)},
        {"peers", texts(one.peers)},
        {"confidence",
         one.confidence.empty() ? json::value(nullptr) : json::value(nginx_conf::printable(one.confidence))},
        {"ignored", one.ignored ? json::value(nginx_conf::printable(*one.ignored)) : json::value(nullptr)}};
    if (one.safe_fix) {
        auto change = place_of(one.safe_fix->at, read);
        change["kind"] = one.safe_fix->what == change::kind::replace ? "replace" : "insert";
        change["directive"] = nginx_conf::printable(one.safe_fix->directive);
        out["change"] = std::move(change);
    }
    return out;
}

json::object of_system(const system_figures& system) {
    return {
        {"origin", nginx_conf::printable(system.origin)},         {"ports", {system.first_port, system.last_port}},
        {"time_wait_s", seconds(system_figures::time_wait)},      {"tcp_max_tw_buckets", system.time_wait_buckets},
        {"tcp_tw_reuse", static_cast<int>(system.reuse)},         {"tcp_tw_reuse_delay_s", seconds(system.reuse_delay)},
        {"tcp_keepalive_time_s", seconds(system.keepalive_time)}, {"tcp_fin_timeout_s", seconds(system.fin_timeout)}};
}

json::object of_traffic(const workload& traffic) {
    json::object rates;
    for (const auto& [hop, rate] : traffic.rates)
        rates[nginx_conf::printable(hop)] = rate;
    return {{"rate", maybe(traffic.rate)},
            {"rates", std::move(rates)},
            {"latency_s", seconds(traffic.latency)},
            {"connections", traffic.connections ? json::value(*traffic.connections) : json::value(nullptr)},
            {"reloads_per_hour", maybe(traffic.reloads_per_hour)},
            {"workers", traffic.workers ? json::value(*traffic.workers) : json::value(nullptr)}};
}

}  // namespace

std::string as_json(const validation& of, const std::string& measured) {
    json::array rows;
    for (const auto& one : of.rows)
        rows.emplace_back(of_row(one));
    json::array findings;
    for (const auto& one : of.findings)
        findings.emplace_back(of_finding(one, of.read));
    json::array lacking;
    for (const auto& one : of.not_judged)
        lacking.emplace_back(json::object{{"rule", one.rule}, {"needs", nginx_conf::printable(one.needs)}});
    json::object out{{"schema", 1},
                     {"configuration", nginx_conf::printable(judged_name(of.read))},
                     {"files", texts(of.read.files)},
                     {"nginx_version", to_text(of.asked.version)},
                     {"nginx_version_given", of.asked.version_given},
                     {"system", of_system(of.asked.system)},
                     {"traffic", of_traffic(of.asked.traffic)},
                     {"hops", std::move(rows)},
                     {"findings", std::move(findings)},
                     {"not_judged", std::move(lacking)},
                     {"remarks", texts(of.remarks)}};
    if (!measured.empty()) out["measured"] = json::parse(measured);
    return written(out);
}

std::string rules_json(std::span<const rule> rules) {
    json::array out;
    for (const auto& one : rules)
        out.push_back({{"id", one.id},
                       {"title", one.title},
                       {"highest", to_text(one.highest)},
                       {"why", one.why},
                       {"mend", one.mend},
                       {"source", one.source}});
    return written(json::object{{"schema", 1}, {"rules", std::move(out)}});
}

}  // namespace firstfin::validate::printing
