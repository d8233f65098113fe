#include "server/nginx/answers/known_names.hpp"

#include <fmt/format.h>

#include "server/http_request/letters.hpp"

namespace firstfin::nginx {

known_names::known_names(const nginx_conf::http_settings& settings, const std::vector<std::string>& files, said note)
    : files_(files), note_(std::move(note)) {
    for (const auto& each : settings.variables)
        made_.insert(each.variable);
    for (const auto& each : settings.others)
        if (each.first.starts_with('$')) made_.insert(each.first.substr(1));
    for (const auto& server : settings.servers) {
        for (const auto& name : server.names)
            if (name.pattern) collect_captures(name.pattern->pattern());
        collect_captures(server.level);
    }
}

void known_names::collect_captures(const nginx_conf::location_settings& level) {
    if (level.pattern) collect_captures(level.pattern->pattern());
    for (const auto& each : level.nested)
        collect_captures(each);
}

// "(?<name>", "(?P<name>", "(?'name'"
void known_names::collect_captures(std::string_view pattern) {
    for (auto at = pattern.find("(?"); at != std::string_view::npos; at = pattern.find("(?", at + 2)) {
        auto rest = pattern.substr(at + 2);
        if (rest.starts_with('P')) rest.remove_prefix(1);
        if (!rest.starts_with('<') && !rest.starts_with('\'')) continue;
        const auto name = rest.substr(1, rest.find_first_of(">'", 1) - 1);
        if (!name.empty() && name.front() != '=' && name.front() != '!') made_.emplace(name);
    }
}

variable known_names::find(std::string_view name, nginx_conf::position where) const {
    if (name.size() == 1 && http_request::is_digit(name.front())) {
        note_(where, "captures", "captures of patterns are not followed: they are empty");
        return empty_variable();
    }
    // A configuration may make variables of our names; nginx refuses only some of that.
    if (made_.contains(name)) {
        note_(where, fmt::format("${}", name), fmt::format("${} is made by what is not followed: it is empty", name));
        return empty_variable();
    }
    if (auto found = find_variable(name)) return *found;
    if (is_variable_of_nginx(name)) {
        note_(where, fmt::format("${}", name), fmt::format("${} has no value here: it is empty", name));
        return empty_variable();
    }
    throw bad_input(fmt::format("{}: unknown \"{}\" variable", nginx_conf::origin_in_words(where, files_), name));
}

text_template known_names::compile(std::string_view text, nginx_conf::position where) const {
    return {text, [&](std::string_view name) { return find(name, where); }};
}

}  // namespace firstfin::nginx
