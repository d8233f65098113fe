#include "harness/bench/run/settings.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <functional>
#include <sstream>

#include "core/parse_error.hpp"
#include "core/toml_reading.hpp"

namespace firstfin::bench {

namespace {

std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto comma = text.find(',');
        auto part = text.substr(0, comma);
        while (part.starts_with(' '))
            part.remove_prefix(1);
        while (part.ends_with(' '))
            part.remove_suffix(1);
        out.push_back(part);
        if (comma == std::string_view::npos) return out;
        text.remove_prefix(comma + 1);
    }
}

template <class Value>
Value value_of(std::string_view text) {
    Value out{};
    if (const auto wrong = read_value(text, out)) throw bad_input(wrong->message);
    return out;
}

std::uint32_t at_least_one(std::string_view text) {
    const auto out = value_of<std::uint32_t>(text);
    if (out == 0) throw bad_input("at least 1 is needed");
    return out;
}

duration above_zero(std::string_view text) {
    const auto out = value_of<duration>(text);
    if (out <= duration::zero()) throw bad_input("it must be longer than 0");
    return out;
}

count_limit per_connection(std::string_view text) {
    if (text == "inf") return count_limit::unlimited();
    const auto out = parse_count_limit(text);
    if (!out) throw bad_input(fmt::format("expected a number of requests or inf, not '{}'", text));
    return *out;
}

/// "0" is the closed loop, so that it can stand in a list with rates.
std::optional<double> rate_of(std::string_view text) {
    double out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc() || end != text.data() + text.size() || !(out >= 0) || out > 1e7)
        throw bad_input(
            fmt::format("expected requests a second, such as 5000, or 0 for as many as it bears, not '{}'", text));
    return out == 0 ? std::nullopt : std::optional(out);
}

std::string target_of(std::string_view text) {
    if (text != "builtin" && text != "nginx" && !text.starts_with("http://"))
        throw bad_input(fmt::format("expected builtin, nginx or http://ADDRESS[:PORT]/PATH, not '{}'", text));
    return std::string(text);
}

template <class Read>
auto list_of(std::string_view text, Read&& read) {
    std::vector<decltype(read(text))> out;
    for (const auto part : parts_of(text)) {
        auto one = read(part);
        if (std::ranges::find(out, one) != out.end()) throw bad_input(fmt::format("'{}' is there twice", part));
        out.push_back(std::move(one));
    }
    return out;
}

struct entry {
    setting_name what;
    void (*read)(settings&, std::string_view);
};

const std::vector<entry>& entries() {
    static const std::vector<entry> all{
        {{"target", "builtin (firstfin-server), nginx (the real one), or the URL of a server on this machine",
          "builtin"},
         [](settings& into, std::string_view text) { into.targets = list_of(text, target_of); }},
        {{"connections", "at once", "64"},
         [](settings& into, std::string_view text) { into.connections = list_of(text, at_least_one); }},
        {{"requests_per_connection", "after so many a connection is closed; inf: never", "1,10,100,inf"},
         [](settings& into, std::string_view text) { into.requests_per_connection = list_of(text, per_connection); }},
        {{"rate", "requests a second, whatever the answers take (an open loop); 0: as many as it bears", "0"},
         [](settings& into, std::string_view text) { into.rates = list_of(text, rate_of); }},
        {{"ends", "who closes: server (asked to, by Connection: close in the last request), client, reset (its RST)",
          "server"},
         [](settings& into, std::string_view text) { into.ends = list_of(text, value_of<load::closer>); }},
        {{"witness",
          "of who closed first: states (the client's sockets, asked before each own close) or wire (a capture of SYN, "
          "FIN and RST)",
          "states"},
         [](settings& into, std::string_view text) { into.witness = value_of<close_witness>(text); }},
        {{"pipelining", "requests on their way at once on a connection", "1"},
         [](settings& into, std::string_view text) { into.pipelining = at_least_one(text); }},
        {{"spacing", "of an open loop: fixed, or poisson as of many users", "fixed"},
         [](settings& into, std::string_view text) { into.spacing = value_of<load::arrival>(text); }},
        {{"duration", "of the measured phase", "10s"},
         [](settings& into, std::string_view text) { into.measured = above_zero(text); }},
        {{"warm_up", "before it", "1s"},
         [](settings& into, std::string_view text) { into.warm_up = value_of<duration>(text); }},
        {{"patience", "with a handshake and with an answer", "10s"},
         [](settings& into, std::string_view text) { into.patience = above_zero(text); }},
        {{"repetitions", "of every case, interleaved at random", "5"},
         [](settings& into, std::string_view text) { into.repetitions = at_least_one(text); }},
        {{"threads", "of the load side", "1"},
         [](settings& into, std::string_view text) { into.threads = at_least_one(text); }},
        {{"seed", "of the order of cases, and of Poisson arrivals", "1"},
         [](settings& into, std::string_view text) { into.seed = value_of<std::uint32_t>(text); }},
    };
    return all;
}

/// Scalars as they are, arrays as their elements with commas.
std::string text_with_commas(const toml::node& node) {
    const auto* list = node.as_array();
    if (list == nullptr) return text_of(node);
    std::vector<std::string> parts;
    for (const auto& each : *list)
        parts.push_back(text_of(each));
    return fmt::format("{}", fmt::join(parts, ","));
}

std::map<std::string, std::string> sysctls_of(const toml::node& node) {
    const auto* table = node.as_table();
    if (table == nullptr) fail_at(node, "sysctls: expected a table of them, such as { \"net.ipv4.tcp_tw_reuse\" = 1 }");
    std::map<std::string, std::string> out;
    for (const auto& [name, value] : *table)
        out.emplace(std::string(name.str()), text_of(value));
    return out;
}

void read_sysctls(settings& into, const toml::node& node) {
    into.sysctls.clear();
    if (const auto* list = node.as_array())
        for (const auto& each : *list)
            into.sysctls.push_back(sysctls_of(each));
    else
        into.sysctls.push_back(sysctls_of(node));
    if (into.sysctls.empty()) fail_at(node, "sysctls: expected at least one table");
}

/// A sysctl that every case has alike tells none from another.
bool is_common(const settings& all, const std::string& key, const std::string& value) {
    return all.sysctls.size() > 1 && std::ranges::all_of(all.sysctls, [&](const auto& each) {
               const auto found = each.find(key);
               return found != each.end() && found->second == value;
           });
}

std::string in_name(const bench_case& what, const settings& all) {
    auto out =
        fmt::format("{}/{}/{}", what.target == target_kind::url ? what.where : to_text(what.target), what.connections,
                    what.requests_per_connection.is_unlimited() ? "inf" : to_text(what.requests_per_connection));
    if (what.rate) out += fmt::format("/{}rps", *what.rate);
    if (all.ends.size() > 1) out += fmt::format("/{}", to_text(what.ends));
    for (const auto& [key, value] : what.sysctls)
        if (!is_common(all, key, value))
            out += fmt::format("/{}={}", std::string_view(key).substr(key.rfind('.') + 1), value);
    std::ranges::replace(out, '\t', '-');
    std::ranges::replace(out, ' ', '-');
    return out;
}

}  // namespace

const std::vector<setting_name>& setting_names() {
    static const auto names = [] {
        std::vector<setting_name> out;
        for (const auto& each : entries())
            out.push_back(each.what);
        return out;
    }();
    return names;
}

void set(settings& into, std::string_view name, std::string_view text) {
    const auto& all = entries();
    const auto found = std::ranges::find(all, name, [](const entry& each) { return each.what.name; });
    if (found == all.end()) throw bad_input(fmt::format("unknown setting '{}'", name));
    try {
        found->read(into, text);
    } catch (const bad_input& wrong) {
        throw bad_input(fmt::format("{}: {}", name, wrong.what()));
    }
}

settings read_settings(const std::filesystem::path& file) {
    const auto document = read_toml_file(file);
    refuse_unknown_keys(document, {"bench"}, "the file (settings belong into [bench])");
    settings out;
    out.name = file.stem().string();
    const auto* node = document.get("bench");
    if (node == nullptr || !node->is_table())
        throw bad_input(fmt::format("{}: no [bench] table: an experiment? `firstfin run` takes those", file.string()));
    const auto& table = *node->as_table();
    for (const auto& [key, value] : table) {
        if (key.str() == "title")
            out.title = text_of(value);
        else if (key.str() == "sysctls")
            read_sysctls(out, value);
        else if (std::ranges::find(setting_names(), key.str(), &setting_name::name) != setting_names().end()) {
            const auto text = text_with_commas(value);
            try {
                set(out, key.str(), text);
            } catch (const bad_input& wrong) {
                fail_at(value, wrong.what());
            }
        } else
            refuse_unknown_keys(
                table,
                {"title", "sysctls", "target", "connections", "requests_per_connection", "rate", "ends", "witness",
                 "pipelining", "spacing", "duration", "warm_up", "patience", "repetitions", "threads", "seed"},
                "[bench]");
    }
    return out;
}

std::vector<bench_case> cases_of(const settings& all) {
    std::vector<bench_case> out;
    for (const auto& target : all.targets)
        for (const auto connections : all.connections)
            for (const auto& rate : all.rates)
                for (const auto& sysctls : all.sysctls)
                    for (const auto requests : all.requests_per_connection)
                        for (const auto ends : all.ends) {
                            bench_case one;
                            const auto kind = parse_enum<target_kind>(target);
                            one.target = kind ? *kind : target_kind::url;
                            if (one.target == target_kind::url) one.where = target;
                            one.connections = connections;
                            one.requests_per_connection = requests;
                            one.pipelining = all.pipelining;
                            one.ends = ends;
                            one.rate = rate;
                            one.spacing = all.spacing;
                            one.sysctls = sysctls;
                            one.name = in_name(one, all);
                            // Nobody ends what has no end.
                            if (requests.is_unlimited() && ends != all.ends.front()) continue;
                            out.push_back(std::move(one));
                        }
    return out;
}

bool wants_exhaustion(const bench_case& what) {
    const auto range = what.sysctls.find("net.ipv4.ip_local_port_range");
    if (range == what.sysctls.end()) return false;
    std::istringstream in(range->second);
    constexpr std::int64_t usual = 28232;
    std::int64_t first = 0;
    std::int64_t last = 0;
    return in >> first >> last && last - first + 1 < usual;
}

}  // namespace firstfin::bench
