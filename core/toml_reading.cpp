#include "core/toml_reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/text_value.hpp"

namespace firstfin {

namespace {
std::string position(const toml::source_region& region) {
    return fmt::format("{}:{}:{}: ", region.path ? *region.path : std::string("input"), region.begin.line,
                       region.begin.column);
}
}  // namespace

toml::table read_toml_file(const std::filesystem::path& file) {
    try {
        if (!std::filesystem::is_regular_file(file)) throw bad_input(fmt::format("{}: no such file", file.string()));
        return toml::parse_file(file.string());
    } catch (const toml::parse_error& failed) {
        auto at = position(failed.source());
        if (failed.source().begin.line == 0) at = file.string() + ": ";
        throw bad_input(at + std::string(failed.description()));
    }
}

std::string where(const toml::node& node) {
    return position(node.source());
}

void fail_at(const toml::node& node, std::string_view message) {
    throw bad_input(where(node) + std::string(message));
}

void refuse_unknown_keys(const toml::table& table, std::initializer_list<std::string_view> known,
                         std::string_view what) {
    for (const auto& [key, value] : table) {
        if (std::ranges::find(known, key.str()) != known.end()) continue;
        const std::vector<std::string_view> names(known);
        const auto near = nearest_name(key.str(), names);
        throw bad_input(position(key.source()) + fmt::format("unknown key '{}' in {}", key.str(), what) +
                        (near.empty() ? std::string{} : fmt::format("; did you mean '{}'?", near)));
    }
}

std::string text_of(const toml::node& node) {
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* number = node.as_integer()) return std::to_string(number->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    if (const auto* number = node.as_floating_point()) return fmt::format("{}", number->get());
    fail_at(node, "expected a string, a number or a boolean");
}

}  // namespace firstfin
