#include "harness/report/parameter_columns.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

namespace firstfin::report {

namespace {

/// For sorting and for telling numbers from words; nothing for a word.
std::optional<double> as_seconds(const std::string& text) {
    const bool negative = text.starts_with('-');  // a skew
    const auto limit = parse_time_limit(std::string_view(text).substr(negative ? 1 : 0));
    if (!limit) return std::nullopt;
    const auto magnitude = limit->is_never() ? std::numeric_limits<double>::infinity() : seconds_of(limit->value());
    return negative ? -magnitude : magnitude;
}

std::optional<double> as_number(const std::string& text) {
    if (text == "unlimited") return std::numeric_limits<double>::infinity();
    double value = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, failed] = std::from_chars(text.data(), end, value);
    if (failed != std::errc{} || stop != end) return std::nullopt;
    return value;
}

using reading_of_value = std::optional<double> (*)(const std::string&);

bool sort_as(std::vector<std::string>& values, reading_of_value read) {
    std::vector<std::pair<double, std::string>> keyed;
    for (const auto& value : values) {
        const auto key = read(value);
        if (!key) return false;
        keyed.emplace_back(*key, value);
    }
    std::ranges::stable_sort(keyed, {}, &std::pair<double, std::string>::first);
    std::ranges::transform(keyed, values.begin(), &std::pair<double, std::string>::second);
    return true;
}

const store::axis_record* declared_axis(const summary& run, std::string_view name) {
    const auto found = std::ranges::find(run.run.axes, name, &store::axis_record::name);
    return found == run.run.axes.end() ? nullptr : &*found;
}

/// `texts`: the value of each cell.
parameter_column make_column(const summary& run, const std::string& name, const std::vector<std::string_view>& texts) {
    parameter_column out;
    out.name = name;
    std::set<std::string_view> known;
    for (const auto text : texts)
        if (known.insert(text).second) out.values.emplace_back(text);
    out.numeric = sort_as(out.values, as_seconds) || sort_as(out.values, as_number);
    if (const auto* axis = declared_axis(run, name); axis != nullptr && !out.numeric)
        std::ranges::stable_sort(out.values, {},
                                 [axis](const std::string& value) { return std::ranges::find(axis->values, value); });
    std::map<std::string_view, std::uint32_t> places;
    for (std::uint32_t place = 0; place < out.values.size(); ++place)
        places.emplace(out.values[place], place);
    out.of_cell.reserve(texts.size());
    for (const auto text : texts)
        out.of_cell.push_back(places.at(text));
    return out;
}

/// Groups of cells that the columns so far cannot tell apart.
class partition {
public:
    explicit partition(std::size_t cells) : group_(cells, 0), groups_(cells == 0 ? 0 : 1) {}

    [[nodiscard]] bool tells_all_apart() const { return groups_ == group_.size(); }
    /// True when the column splits a group.
    bool split_by(const parameter_column& column) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> next;
        auto finer = group_;
        for (std::size_t cell = 0; cell < group_.size(); ++cell)
            finer[cell] =
                next.emplace(std::pair(group_[cell], column.of_cell[cell]), static_cast<std::uint32_t>(next.size()))
                    .first->second;
        const bool splits = next.size() > groups_;
        group_ = std::move(finer);
        groups_ = next.size();
        return splits;
    }

private:
    std::vector<std::uint32_t> group_;
    std::size_t groups_;
};

bool follows_from(const parameter_column& column, const parameter_column& earlier) {
    std::vector<std::optional<std::uint32_t>> known(earlier.values.size());
    for (std::size_t cell = 0; cell < column.of_cell.size(); ++cell) {
        auto& expected = known[earlier.of_cell[cell]];
        if (!expected) expected = column.of_cell[cell];
        if (*expected != column.of_cell[cell]) return false;
    }
    return true;
}

}  // namespace

std::vector<parameter_column> distinguishing_columns(const summary& run) {
    std::map<std::string_view, std::vector<std::string_view>> differing;
    for (std::size_t cell = 0; cell < run.cells.size(); ++cell)
        for (const auto& [name, value] : run.cells[cell].cell.params) {
            auto& texts = differing[name];
            if (texts.empty()) texts.resize(run.cells.size());
            texts[cell] = value;
        }

    partition cells(run.cells.size());
    std::vector<parameter_column> out;
    for (const auto& axis : run.run.axes) {
        const auto found = differing.find(axis.name);
        if (found == differing.end()) continue;
        out.push_back(make_column(run, axis.name, found->second));
        cells.split_by(out.back());
        differing.erase(found);
    }
    if (cells.tells_all_apart()) return out;

    std::vector<parameter_column> others;
    others.reserve(differing.size());
    for (const auto& [name, texts] : differing)
        others.push_back(make_column(run, std::string(name), texts));
    std::ranges::stable_sort(others, std::greater{}, [](const parameter_column& one) { return one.values.size(); });
    for (auto& one : others) {
        if (cells.tells_all_apart()) break;
        if (cells.split_by(one)) out.push_back(std::move(one));
    }
    return out;
}

std::vector<parameter_column> independent_columns(std::vector<parameter_column> columns) {
    std::vector<parameter_column> out;
    for (auto& column : columns)
        if (std::ranges::none_of(out,
                                 [&column](const parameter_column& earlier) { return follows_from(column, earlier); }))
            out.push_back(std::move(column));
    return out;
}

std::vector<std::string> all_parameter_names(const summary& run, const std::vector<parameter_column>& columns) {
    std::vector<std::string> out;
    for (const auto& one : columns)
        out.push_back(one.name);
    std::set<std::string_view> rest;
    for (const auto& [name, value] : run.common)
        rest.insert(name);
    for (const auto& cell : run.cells)
        for (const auto& [name, value] : cell.cell.params)
            rest.insert(name);
    for (const auto name : rest)
        if (std::ranges::find(columns, name, &parameter_column::name) == columns.end()) out.emplace_back(name);
    return out;
}

}  // namespace firstfin::report
