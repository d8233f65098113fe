#include "harness/validate/system_figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <optional>
#include <vector>

#include "core/parse_error.hpp"
#include "core/text_value.hpp"

namespace firstfin::validate {

namespace {

constexpr std::string_view prefix = "net.ipv4.";
constexpr std::string_view blanks = " \t\n";

std::vector<std::uint64_t> numbers(std::string_view text) {
    std::vector<std::uint64_t> out;
    while (true) {
        text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
        if (text.empty()) return out;
        const auto word = text.substr(0, text.find_first_of(blanks));
        std::uint64_t number = 0;
        const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
        if (failed != std::errc{} || end != word.data() + word.size()) return {};
        out.push_back(number);
        text.remove_prefix(word.size());
    }
}

std::optional<std::uint64_t> number_within(std::string_view text, std::uint64_t least, std::uint64_t most) {
    const auto read = numbers(text);
    if (read.size() != 1 || read[0] < least || read[0] > most) return std::nullopt;
    return read[0];
}

constexpr std::uint64_t largest_int = 0x7fffffff;

bool set_ports(system_figures& into, std::string_view text) {
    // The kernel prints "32768 60999"; people write "32768-60999", too.
    std::string spaced(text);
    std::ranges::replace(spaced, '-', ' ');
    const auto read = numbers(spaced);
    if (read.size() != 2 || read[0] < 1 || read[0] > read[1] || read[1] > 65535) return false;
    into.first_port = static_cast<std::uint32_t>(read[0]);
    into.last_port = static_cast<std::uint32_t>(read[1]);
    return true;
}

bool set_buckets(system_figures& into, std::string_view text) {
    const auto number = number_within(text, 0, largest_int);
    if (number) into.time_wait_buckets = *number;
    return number.has_value();
}

bool set_reuse(system_figures& into, std::string_view text) {
    const auto number = number_within(text, 0, 2);
    if (number) into.reuse = static_cast<port_reuse>(*number);
    return number.has_value();
}

template <auto Member, class Unit, std::uint64_t Least, std::uint64_t Most>
bool set_time(system_figures& into, std::string_view text) {
    const auto number = number_within(text, Least, Most);
    if (number) into.*Member = Unit(*number);
    return number.has_value();
}

struct sysctl {
    std::string_view key;
    std::string_view expected;
    bool (*set)(system_figures&, std::string_view);
};

// Ranges are those of net/ipv4/sysctl_net_ipv4.c.
constexpr std::array sysctls{
    sysctl{"ip_local_port_range", "two ports, the first not above the last: \"32768 60999\"", set_ports},
    sysctl{"tcp_max_tw_buckets", "a whole number", set_buckets},
    sysctl{"tcp_tw_reuse", "0 (off), 1 (on) or 2 (loopback only)", set_reuse},
    sysctl{"tcp_tw_reuse_delay", "milliseconds, 1 to 60000",
           set_time<&system_figures::reuse_delay, std::chrono::milliseconds, 1, 60'000>},
    sysctl{"tcp_keepalive_time", "seconds",
           set_time<&system_figures::keepalive_time, std::chrono::seconds, 1, largest_int>},
    sysctl{"tcp_fin_timeout", "seconds", set_time<&system_figures::fin_timeout, std::chrono::seconds, 0, largest_int>}};

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
    return text.substr(0, text.find_last_not_of(blanks) + 1);
}

[[noreturn]] void unknown(std::string_view key) {
    std::vector<std::string_view> names;
    std::string known;
    for (const auto& one : sysctls) {
        names.push_back(one.key);
        known += fmt::format("{}{}{}", known.empty() ? "" : ", ", prefix, one.key);
    }
    const auto near = key.size() > 64 ? std::string_view() : nearest_name(key, names);
    throw bad_input(fmt::format("sysctl '{}' decides nothing here{}: expected this-machine, or one of {} with =VALUE",
                                key, near.empty() ? "" : fmt::format("; did you mean '{}{}'?", prefix, near), known));
}

std::string_view in_words(port_reuse how) {
    switch (how) {
        case port_reuse::off:
            return "off";
        case port_reuse::on:
            return "on";
        case port_reuse::loopback:
            return "loopback only";
    }
    return "?";
}

}  // namespace

void set_sysctl(system_figures& into, std::string_view text) {
    text = trimmed(text);
    if (text == "this-machine") return read_sysctls(into, "/proc/sys/net/ipv4");
    const auto equals = text.find('=');
    auto key = trimmed(text.substr(0, equals));
    if (key.starts_with(prefix)) key.remove_prefix(prefix.size());
    const auto known = std::ranges::find(sysctls, key, &sysctl::key);
    if (known == sysctls.end()) unknown(key);
    const auto value = equals == std::string_view::npos ? std::string_view() : trimmed(text.substr(equals + 1));
    if (value.empty())
        throw bad_input(
            fmt::format("sysctl '{}' has no value: expected {}{}=VALUE with {}", key, prefix, key, known->expected));
    if (!known->set(into, value))
        throw bad_input(fmt::format("{}{}: '{}' is not {}", prefix, key, value, known->expected));
    const auto given = fmt::format("{} given", key);
    if (into.origin.find(given) == std::string::npos) into.origin += ", " + given;
}

void read_sysctls(system_figures& into, const std::filesystem::path& folder) {
    system_figures fresh;
    bool any = false;
    for (const auto& one : sysctls) {
        std::ifstream file(folder / one.key);
        std::string line;
        // An older kernel lacks the younger keys and does what their default says.
        if (!std::getline(file, line)) continue;
        if (!one.set(fresh, line))
            throw environment_lacks(fmt::format("{}: '{}' is not {}", (folder / one.key).string(), line, one.expected));
        any = true;
    }
    if (!any)
        throw environment_lacks(fmt::format("{}: no sysctl can be read; give them as KEY=VALUE", folder.string()));
    fresh.origin = "this machine";
    into = fresh;
}

std::string in_words(const system_figures& of) {
    std::string reuse = fmt::format("tcp_tw_reuse {} ({})", static_cast<int>(of.reuse), in_words(of.reuse));
    if (of.reuse != port_reuse::off) reuse += fmt::format(" after {}", to_text(of.reuse_delay));
    return fmt::format("{}: ports {}-{}, TIME_WAIT {}, at most {} in it, {}, TCP keepalive after {}, FIN_WAIT_2 {}",
                       of.origin, of.first_port, of.last_port, to_text(system_figures::time_wait), of.time_wait_buckets,
                       reuse, to_text(of.keepalive_time), to_text(of.fin_timeout));
}

}  // namespace firstfin::validate
