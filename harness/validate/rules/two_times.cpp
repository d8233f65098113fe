#include <fmt/format.h>

#include <functional>

#include "harness/validate/rule.hpp"
#include "harness/validate/saying.hpp"

namespace firstfin::validate {

namespace {

/// The two words are the parts of one time: "1h" "30m" reads as one, "75s" "60s" and "75" "20" do not.
bool are_one_time(const std::string& first, const std::string& second) {
    const auto has_unit = [](const std::string& text) {
        return !text.empty() && (text.back() < '0' || text.back() > '9');
    };
    return has_unit(first) && has_unit(second) && nginx_conf::parse_milliseconds(first) &&
           nginx_conf::parse_milliseconds(second) && nginx_conf::parse_milliseconds(first + second).has_value();
}

void walk(const std::vector<nginx_conf::directive>& block, complaints& into) {
    for (const auto& one : block) {
        if (one.name.text == "keepalive_timeout" && one.arguments.size() == 2 &&
            are_one_time(one.arguments[0].text, one.arguments[1].text)) {
            const auto& first = one.arguments[0].text;
            const auto& second = one.arguments[1].text;
            const auto directive = fmt::format("keepalive_timeout {}{}", first, second);
            into.found(
                {.rule = "two-times",
                 .level = severity::warning,
                 .where = one.name.where,
                 .text = fmt::format("'{} {}' is two values: connections close after {}, and clients are told "
                                     "timeout={}; one time is written without the blank",
                                     first, second, first, nginx_conf::parse_milliseconds(second)->count() / 1000),
                 .advice = directive + ";",
                 .safe_fix = change{change::kind::replace, one.name.where, directive}});
        }
        walk(one.block, into);
    }
}

}  // namespace

rule two_times() {
    return {.id = "two-times",
            .title = "two values where one time was meant",
            .highest = severity::warning,
            .why =
                "nginx reads 1h30m, or the same in quotes with a blank, as one time. Without quotes the blank ends the "
                "first value, and keepalive_timeout takes a second: what clients are told in Keep-Alive: timeout=. "
                "`keepalive_timeout 1h 30m` closes after an hour and tells clients half an hour; nothing complains.",
            .mend = "the time without its blank",
            .source = "ngx_parse_time, ngx_http_core_keepalive",
            .look = [](const facts& about, complaints& into) { walk(about.read.tree, into); }};
}

}  // namespace firstfin::validate
