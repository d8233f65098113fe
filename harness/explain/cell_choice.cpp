#include "harness/explain/cell_choice.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/text_value.hpp"
#include "harness/experiment/settings.hpp"

namespace firstfin::explain {

namespace {

bool is_number(std::string_view text) {
    return !text.empty() && text.size() <= 9 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// `value` as the plan writes it; as it is when it cannot be read.
std::string canonical(const std::string& name, const std::string& value) {
    try {
        return experiment::canonical_text({name, value, ""});
    } catch (const bad_input&) {
        return value;
    }
}

const std::string* value_of(const store::text_pairs& params, const std::string& name) {
    const auto found = std::ranges::find(params, name, &store::text_pairs::value_type::first);
    return found == params.end() ? nullptr : &found->second;
}

const std::string* value_of(const store::cell_list& cells, std::size_t place, const std::string& name) {
    const auto* own = value_of(cells.cells[place].params, name);
    return own != nullptr ? own : value_of(cells.common, name);
}

void refuse_unknown_name(const store::cell_list& cells, const std::string& name) {
    std::vector<std::string_view> names;
    for (const auto& [known, value] : cells.common)
        names.emplace_back(known);
    for (const auto& cell : cells.cells)
        for (const auto& [known, value] : cell.params)
            names.emplace_back(known);
    if (std::ranges::find(names, name) != names.end()) return;
    const auto near = nearest_name(name, names);
    throw bad_input(fmt::format("no cell of this run has a setting '{}'{}", name,
                                near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
}

std::vector<std::size_t> cells_with(const store::cell_list& cells, const store::text_pairs& settings) {
    std::vector<std::size_t> out;
    for (std::size_t place = 0; place < cells.cells.size(); ++place)
        out.push_back(place);
    for (const auto& [name, value] : settings) {
        refuse_unknown_name(cells, name);
        const auto wanted = canonical(name, value);
        std::vector<std::string> there;
        std::erase_if(out, [&](std::size_t place) {
            const auto* has = value_of(cells, place, name);
            if (has == nullptr) return true;
            if (*has == value || *has == wanted) return false;
            if (there.size() < 8 && std::ranges::find(there, *has) == there.end()) there.push_back(*has);
            return true;
        });
        if (out.empty())
            throw bad_input(fmt::format("no cell has {}={}{}; there {} {}", name, value,
                                        settings.size() > 1 ? " together with the other settings" : "",
                                        there.size() == 1 ? "is" : "are", fmt::join(there, ", ")));
    }
    return out;
}

}  // namespace

wish wish_of(const std::vector<std::string>& words) {
    wish out;
    for (const auto& word : words) {
        const auto equals = word.find('=');
        const bool nothing_follows = !out.trial;
        if (equals != std::string::npos && equals != 0 && out.cell.empty() && nothing_follows)
            out.settings.emplace_back(word.substr(0, equals), word.substr(equals + 1));
        else if (!out.names_a_cell() && equals == std::string::npos)
            out.cell = word;
        else if (out.names_a_cell() && nothing_follows && is_number(word))
            out.trial = parse_whole_number(word).value();
        else
            throw bad_input(fmt::format(
                "cannot tell what '{}' is for: give CELL [TRIAL], where CELL is an id, a number or name=value pairs",
                word));
    }
    return out;
}

std::vector<std::size_t> fitting_cells(const store::cell_list& cells, const wish& wanted) {
    if (wanted.cell.empty()) return cells_with(cells, wanted.settings);
    const auto exact = std::ranges::find(cells.cells, wanted.cell, &store::cell_record::id);
    if (exact != cells.cells.end()) return {static_cast<std::size_t>(exact - cells.cells.begin())};
    if (is_number(wanted.cell)) {
        const auto number = parse_whole_number(wanted.cell).value();
        if (number >= 1 && number <= cells.cells.size()) return {number - 1};
    }
    std::vector<std::size_t> out;
    for (std::size_t place = 0; place < cells.cells.size(); ++place)
        if (cells.cells[place].id.starts_with(wanted.cell)) out.push_back(place);
    if (out.empty())
        throw bad_input(
            fmt::format("no cell '{}': the plan has cells 1 to {}; without CELL they are listed with their ids",
                        wanted.cell, cells.cells.size()));
    return out;
}

}  // namespace firstfin::explain
