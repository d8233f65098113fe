#include "core/role_protocol.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <iterator>

namespace firstfin::role {

namespace json = boost::json;

namespace {

template <class Settings>
json::object settings_to_json(const Settings& settings) {
    json::object out;
    for (const auto& entry : fields_of(settings))
        out[entry.name] = entry.write(settings);
    return out;
}

template <class Settings>
Settings settings_from_json(const json::value& value) {
    Settings settings;
    for (const auto& [name, text] : value.as_object()) {
        const auto fields = fields_of(settings);
        const auto found = std::ranges::find(fields, std::string_view(name), &field<Settings>::name);
        if (found == fields.end()) throw bad_input(fmt::format("unknown setting '{}'", std::string_view(name)));
        if (const auto failed = found->read(settings, text.as_string())) throw bad_input(failed->message);
    }
    return settings;
}

template <class Settings>
json::array list_to_json(const std::vector<Settings>& list) {
    json::array out;
    for (const auto& each : list)
        out.push_back(settings_to_json(each));
    return out;
}

template <class Settings>
std::vector<Settings> list_from_json(const json::value& list) {
    std::vector<Settings> out;
    for (const auto& each : list.as_array())
        out.push_back(settings_from_json<Settings>(each));
    return out;
}

firstfin::address address_from_json(const json::value& text) {
    return boost::asio::ip::make_address(std::string(text.as_string()));
}

endpoint endpoint_from_json(const json::value& text) {
    return parse_endpoint(text.as_string()).value();
}

tcp_state state_from_json(const json::value& text) {
    if (const auto state = tcp_state_from_text(text.as_string())) return *state;
    throw bad_input(fmt::format("'{}' is no TCP state", std::string_view(text.as_string())));
}

/// Any complaint about shape (from Boost.JSON or from us) becomes one sentence.
template <class Function>
auto reading(std::string_view what, Function&& read) -> result<decltype(read())> {
    try {
        return read();
    } catch (const std::exception& failed) {
        return parse_error(fmt::format("{}: {}", what, failed.what()));
    }
}

json::object versioned(std::string_view text) {
    auto document = json::parse(json::string_view(text.data(), text.size())).as_object();
    if (document.at("v").to_number<int>() != version)
        throw bad_input(fmt::format("speaks version {}, this program {}", document.at("v").to_number<int>(), version));
    return document;
}

void append_text(std::string& out, std::string_view key, std::string_view text) {
    fmt::format_to(std::back_inserter(out), ",\"{}\":", key);
    out += json::serialize(json::string_view(text.data(), text.size()));
}

}  // namespace

std::string to_json(const server_order& order) {
    json::array listeners;
    for (const auto& each : order.listeners)
        listeners.push_back(
            {{"id", each.policy}, {"address", each.address.to_string()}, {"policy", settings_to_json(each.settings)}});
    return json::serialize(json::object{{"v", version}, {"policies", std::move(listeners)}});
}

result<server_order> parse_server_order(std::string_view text) {
    return reading("the server's order", [&] {
        const auto document = versioned(text);  // named: a range-for over a part of a temporary reads freed memory
        server_order order;
        for (const auto& each : document.at("policies").as_array())
            order.listeners.push_back({std::string(each.at("id").as_string()), address_from_json(each.at("address")),
                                       settings_from_json<server_policy>(each.at("policy"))});
        return order;
    });
}

std::string to_json(const client_order& order) {
    json::array trials;
    trials.reserve(order.trials.size());
    for (const auto& each : order.trials)
        trials.push_back({{"trial", each.trial},
                          {"policy", each.policy},
                          {"scenario", each.scenario},
                          {"address", to_text(each.server)},
                          {"source", each.source.to_string()},
                          {"start_offset_ns", each.start_offset.count()},
                          {"window_share", each.window_share},
                          {"seed", each.seed}});
    return json::serialize(json::object{{"v", version},
                                        {"time_scale", order.time_scale},
                                        {"handshakes_in_flight", order.handshakes_in_flight},
                                        {"policies", list_to_json(order.policies)},
                                        {"scenarios", list_to_json(order.scenarios)},
                                        {"trials", std::move(trials)}});
}

result<client_order> parse_client_order(std::string_view text) {
    return reading("the client's order", [&] {
        const auto document = versioned(text);
        client_order order;
        order.time_scale = document.at("time_scale").to_number<double>();
        order.handshakes_in_flight = document.at("handshakes_in_flight").to_number<std::uint32_t>();
        order.policies = list_from_json<client_policy>(document.at("policies"));
        order.scenarios = list_from_json<scenario>(document.at("scenarios"));
        for (const auto& each : document.at("trials").as_array()) {
            client_order::trial trial;
            trial.trial = each.at("trial").to_number<std::uint64_t>();
            trial.policy = each.at("policy").to_number<std::uint32_t>();
            trial.scenario = each.at("scenario").to_number<std::uint32_t>();
            if (trial.policy >= order.policies.size() || trial.scenario >= order.scenarios.size())
                throw bad_input(fmt::format("trial {} refers to a policy or scenario that is not listed", trial.trial));
            trial.server = endpoint_from_json(each.at("address"));
            trial.source = address_from_json(each.at("source"));
            trial.start_offset = duration(each.at("start_offset_ns").to_number<std::int64_t>());
            trial.window_share = each.at("window_share").to_number<double>();
            trial.seed = each.at("seed").to_number<std::uint64_t>();
            order.trials.push_back(std::move(trial));
        }
        return order;
    });
}

void append_json(std::string& out, const event& value) {
    auto into = std::back_inserter(out);
    fmt::format_to(into, "{{\"v\":{},\"t_ns\":{},\"event\":\"{}\"", version, value.at.time_since_epoch().count(),
                   to_text(value.kind));
    if (value.conn != 0) fmt::format_to(into, ",\"conn\":{}", value.conn);
    if (value.trial) fmt::format_to(into, ",\"trial\":{}", *value.trial);
    if (!value.policy.empty()) append_text(out, "policy", value.policy);
    if (value.local) fmt::format_to(into, ",\"local\":\"{}\"", to_text(*value.local));
    if (value.remote) fmt::format_to(into, ",\"remote\":\"{}\"", to_text(*value.remote));
    if (value.request != 0) fmt::format_to(into, ",\"request\":{}", value.request);
    if (value.status != 0) fmt::format_to(into, ",\"status\":{}", value.status);
    if (value.says_close) out += ",\"says_close\":true";
    if (value.reason) fmt::format_to(into, ",\"reason\":\"{}\"", to_text(*value.reason));
    if (value.state_before) fmt::format_to(into, ",\"tcp_state_before\":\"{}\"", to_text(*value.state_before));
    if (value.kind == event_kind::close) fmt::format_to(into, ",\"unread\":{}", value.unread);
    if (value.kind == event_kind::close || value.pending_fin)
        fmt::format_to(into, ",\"pending_fin\":{}", value.pending_fin);
    if (value.lateness) fmt::format_to(into, ",\"lateness_ns\":{}", value.lateness->count());
    if (!value.detail.empty()) append_text(out, "detail", value.detail);
    out += "}\n";
}

result<event> parse_event(std::string_view line) {
    return reading("an event line", [&] {
        const auto document = versioned(line);
        event out;
        out.kind = parse_enum<event_kind>(document.at("event").as_string()).value();
        out.at = time_point(duration(document.at("t_ns").to_number<std::int64_t>()));
        for (const auto& [name, field] : document) {
            const std::string_view key = name;
            if (key == "conn")
                out.conn = field.to_number<std::uint64_t>();
            else if (key == "trial")
                out.trial = field.to_number<std::uint64_t>();
            else if (key == "policy")
                out.policy = field.as_string();
            else if (key == "local")
                out.local = endpoint_from_json(field);
            else if (key == "remote")
                out.remote = endpoint_from_json(field);
            else if (key == "request")
                out.request = field.to_number<std::uint32_t>();
            else if (key == "status")
                out.status = field.to_number<std::uint32_t>();
            else if (key == "says_close")
                out.says_close = field.as_bool();
            else if (key == "reason")
                out.reason = parse_enum<close_reason>(field.as_string()).value();
            else if (key == "tcp_state_before")
                out.state_before = state_from_json(field);
            else if (key == "unread")
                out.unread = field.to_number<std::uint32_t>();
            else if (key == "pending_fin")
                out.pending_fin = field.as_bool();
            else if (key == "lateness_ns")
                out.lateness = duration(field.to_number<std::int64_t>());
            else if (key == "detail")
                out.detail = field.as_string();
        }
        return out;
    });
}

void line_splitter::feed(std::string_view bytes, const std::function<void(std::string_view)>& on_line) {
    for (auto newline = bytes.find('\n'); newline != std::string_view::npos; newline = bytes.find('\n')) {
        if (rest_.empty()) {
            on_line(bytes.substr(0, newline));
        } else {
            rest_.append(bytes.substr(0, newline));
            on_line(rest_);
            rest_.clear();
        }
        bytes.remove_prefix(newline + 1);
    }
    rest_.append(bytes);
}

}  // namespace firstfin::role
