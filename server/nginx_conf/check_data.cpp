#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "server/nginx_conf/checking.hpp"
#include "server/nginx_conf/values.hpp"

// Blocks whose lines are data (types, map, geo, split_clients), and logs.

namespace firstfin::nginx_conf {

namespace {

/// Lines of data end in ";" and hold no blocks. False, with a message, for one that does.
bool is_line(checking& all, const directive& line) {
    if (!line.has_block) return true;
    all.emerg(line, word{{}, line.head_end}, "unexpected \"{\"");
    return false;
}

bool names_variable(checking& all, const directive& one, const word& name) {
    if (name.text.size() > 1 && name.text.starts_with('$')) return true;
    all.emerg(one, name, fmt::format("invalid variable name \"{}\"", name.text));
    return false;
}

/// An include's own message came when its file was opened; here only its count is left to see to.
bool is_include(checking& all, const directive& line, std::string_view count_error) {
    if (line.name.text != "include") return false;
    if (line.arguments.size() != 1) all.emerg(line, line.name, std::string(count_error));
    return true;
}

bool is_network(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = text.substr(0, slash);
    if (text == "255.255.255.255") return true;
    const bool is_v4 = parse_ipv4(address).has_value();
    if (!is_v4 && !parse_ipv6(address)) return false;
    if (slash == std::string_view::npos) return true;
    const auto length = parse_number(text.substr(slash + 1));
    return length && *length <= (is_v4 ? 32 : 128);
}

bool is_range(std::string_view text) {
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return false;
    const auto first = parse_ipv4(text.substr(0, dash));
    const auto last = parse_ipv4(text.substr(dash + 1));
    return first && (last || text.ends_with("-255.255.255.255"));
}

}  // namespace

void check_types(checking& all, const directive& one, block_scope&) {
    std::map<std::string, std::string> known;
    for (const auto& line : one.block) {
        if (!is_line(all, line) || is_include(all, line, "invalid number of arguments in \"include\" directive"))
            continue;
        for (const auto& extension : line.arguments) {
            auto& type = known[extension.text];
            if (!type.empty())
                all.warn(line, extension,
                         fmt::format("duplicate extension \"{}\", content type: \"{}\", previous content type: \"{}\"",
                                     extension.text, line.name.text, type));
            type = line.name.text;
        }
    }
}

void check_map(checking& all, const directive& one, block_scope&) {
    if (!all.variables_fine(one, one.arguments[0]) || !names_variable(all, one, one.arguments[1])) return;
    std::set<std::string> keys;
    bool has_default = false;
    for (const auto& line : one.block) {
        if (!is_line(all, line)) continue;
        const auto& key = line.name.text;
        if (line.arguments.empty() && (key == "hostnames" || key == "volatile")) continue;
        if (line.arguments.size() != 1) {
            all.emerg(line, line.name, "invalid number of the map parameters");
            continue;
        }
        if (key == "include") continue;
        if (!all.variables_fine(line, line.arguments[0])) continue;
        if (key == "default") {
            if (has_default) all.emerg(line, line.name, "duplicate default map parameter");
            has_default = true;
        } else if (key.starts_with('~')) {
            const bool no_case = key.starts_with("~*");
            (void)all.pattern_compiles(line, line.name, key.substr(no_case ? 2 : 1), no_case);
        } else {
            const auto plain = key.starts_with('\\') ? key.substr(1) : key;
            if (!keys.insert(lower_case(plain)).second)
                all.emerg(line, line.name, fmt::format("conflicting parameter \"{}\"", plain));
        }
    }
}

void check_geo(checking& all, const directive& one, block_scope&) {
    for (const auto& name : one.arguments)
        if (!names_variable(all, one, name)) return;
    bool ranges = false;
    bool any = false;
    for (const auto& line : one.block) {
        if (!is_line(all, line)) continue;
        const auto& key = line.name.text;
        if (line.arguments.empty()) {
            if (key == "ranges" && any)
                all.emerg(line, line.name, "the \"ranges\" directive must be the first directive inside \"geo\" block");
            ranges = ranges || key == "ranges";
            const bool volatile_known = key == "volatile" && all.version >= nginx_version{1, 29, 3};
            if (key == "ranges" || key == "proxy_recursive" || volatile_known) continue;
        }
        if (line.arguments.size() != 1) {
            all.emerg(line, line.name, "invalid number of the geo parameters");
            continue;
        }
        if (key == "include") continue;
        if (key == "proxy") {
            if (!is_network(line.arguments[0].text))
                all.emerg(line, line.arguments[0], fmt::format("invalid network \"{}\"", line.arguments[0].text));
            continue;
        }
        any = true;
        if (key == "default") continue;
        const auto& network = key == "delete" ? line.arguments[0] : line.name;
        if (ranges ? !is_range(network.text) : !is_network(network.text))
            all.emerg(line, network, fmt::format("invalid {} \"{}\"", ranges ? "range" : "network", network.text));
    }
}

void check_split_clients(checking& all, const directive& one, block_scope&) {
    if (!all.variables_fine(one, one.arguments[0]) || !names_variable(all, one, one.arguments[1])) return;
    std::int64_t total = 0;  // hundredths of a percent
    for (const auto& line : one.block) {
        if (!is_line(all, line)) continue;
        const std::string_view share = line.name.text;
        if (line.arguments.size() != 1) {
            // nginx reads whatever lies behind the words here; we say what is wrong.
            all.emerg(line, line.name, "invalid number of the split_clients parameters");
            continue;
        }
        if (share == "*") {
            total = 10000;
            continue;
        }
        const auto refuse = [&] { all.emerg(line, line.name, fmt::format("invalid percent value \"{}\"", share)); };
        if (!share.ends_with('%')) {
            refuse();
            continue;
        }
        const auto digits = share.substr(0, share.size() - 1);
        const auto dot = digits.find('.');
        auto whole = parse_number(digits.substr(0, dot));
        std::int64_t hundredths = 0;
        if (dot != std::string_view::npos) {
            const auto fraction = digits.substr(dot + 1);
            const auto parsed = parse_number(fraction);
            if (!parsed || fraction.size() > 2) whole.reset();
            if (parsed) hundredths = fraction.size() == 1 ? *parsed * 10 : *parsed;
        }
        if (!whole || *whole > 1'000'000 || *whole * 100 + hundredths == 0) {
            refuse();
            continue;
        }
        total += *whole * 100 + hundredths;
    }
    if (total > 10000) all.emerg_at_end(one, "percent total is greater than 100%");
}

void check_access(checking& all, const directive& one, block_scope&) {
    const auto& given = one.arguments[0];
    if (given.text == "all" || given.text == "unix:" || is_network(given.text)) return;
    all.emerg(one, given, fmt::format("invalid parameter \"{}\"", given.text));
}

void check_log_format(checking& all, const directive& one, block_scope&) {
    const auto& name = one.arguments[0];
    if (!all.log_formats.insert(name.text).second) {
        all.emerg(one, name, fmt::format("duplicate \"log_format\" name \"{}\"", name.text));
        return;
    }
    for (std::size_t i = 1; i < one.arguments.size(); ++i) {
        const auto& part = one.arguments[i];
        if (i == 1 && part.text.starts_with("escape=")) {
            const auto how = part.text.substr(7);
            if (how != "json" && how != "none" && how != "default") {
                all.emerg(one, part, fmt::format("unknown log format escaping \"{}\"", how));
                return;
            }
            continue;
        }
        const auto failed = check_variables(part.text);
        if (!failed) continue;
        all.emerg(one, part,
                  failed->message == "invalid variable name" ? fmt::format("invalid parameter \"{}\"", part.text)
                                                             : failed->message);
        return;
    }
}

void check_access_log(checking& all, const directive& one, block_scope&) {
    const auto& words = one.arguments;
    const auto invalid = [&](const word& about, std::string text) { all.emerg(one, about, std::move(text)); };
    if (words[0].text == "off") {
        if (words.size() > 1) invalid(words[1], fmt::format("invalid parameter \"{}\"", words[1].text));
        return;
    }
    const bool syslog = words[0].text.starts_with("syslog:");
    if (!syslog && !all.variables_fine(one, words[0])) return;
    if (words.size() > 1 && std::ranges::none_of(all.log_formats, [&](const auto& each) {
            return same_ignoring_case(each, words[1].text);
        })) {
        invalid(words[1], fmt::format("unknown log format \"{}\"", words[1].text));
        return;
    }
    bool buffered = false;
    bool flushed = false;
    for (std::size_t i = 2; i < words.size(); ++i) {
        const std::string_view text = words[i].text;
        if (text.starts_with("buffer=")) {
            const auto size = parse_size(text.substr(7));
            if (!size || *size == 0)
                return invalid(words[i], fmt::format("invalid buffer size \"{}\"", text.substr(7)));
            buffered = true;
        } else if (text.starts_with("flush=")) {
            const auto time = parse_milliseconds(text.substr(6));
            if (!time || time->count() == 0)
                return invalid(words[i], fmt::format("invalid flush time \"{}\"", text.substr(6)));
            flushed = true;
        } else if (text == "gzip" || text.starts_with("gzip=")) {
            const auto level = text == "gzip" ? 1 : parse_number(text.substr(5)).value_or(0);
            if (level < 1 || level > 9)
                return invalid(words[i], fmt::format("invalid compression level \"{}\"", text.substr(5)));
            buffered = true;
        } else if (text.starts_with("if=")) {
            if (const auto failed = check_variables(text.substr(3))) return invalid(words[i], failed->message);
        } else {
            return invalid(words[i], fmt::format("invalid parameter \"{}\"", text));
        }
    }
    if (flushed && !buffered)
        invalid(words[0], fmt::format("no buffer is defined for access_log \"{}\"", words[0].text));
    else if (buffered && syslog)
        invalid(words[0], "logs to syslog cannot be buffered");
    else if (buffered && has_variables(words[0].text))
        invalid(words[0], "buffered logs cannot have variables in name");
}

void check_error_log(checking& all, const directive& one, block_scope&) {
    constexpr auto levels =
        std::to_array<std::string_view>({"emerg", "alert", "crit", "error", "warn", "notice", "info", "debug"});
    constexpr auto debug_levels = std::to_array<std::string_view>(
        {"debug_core", "debug_alloc", "debug_mutex", "debug_event", "debug_http", "debug_mail", "debug_stream"});
    bool has_level = false;
    bool has_any = false;
    for (std::size_t i = 1; i < one.arguments.size(); ++i) {
        const auto& given = one.arguments[i];
        if (std::ranges::find(levels, given.text) != levels.end()) {
            if (has_any) {
                all.emerg(one, given, fmt::format("duplicate log level \"{}\"", given.text));
                return;
            }
            has_level = has_any = true;
        } else if (std::ranges::find(debug_levels, given.text) != debug_levels.end() && !has_level) {
            has_any = true;
        } else {
            all.emerg(one, given, fmt::format("invalid log level \"{}\"", given.text));
            return;
        }
    }
}

}  // namespace firstfin::nginx_conf
