#include "harness/report/table.hpp"

#include <algorithm>
#include <cassert>

#include "harness/report/terminal_text.hpp"

namespace firstfin::report {

namespace {

constexpr std::size_t gap = 2;
constexpr std::size_t narrowest = 1;

/// The widest part of a heading when it may break after any of `marks`.
std::size_t heading_width(std::string_view heading, std::string_view marks) {
    std::size_t widest = 0;
    std::size_t from = 0;
    while (from < heading.size()) {
        const auto stop = std::min(heading.find_first_of(marks, from), heading.size());
        const bool space = stop < heading.size() && heading[stop] == ' ';
        const auto part = heading.substr(from, std::min(stop + (space ? 0 : 1), heading.size()) - from);
        widest = std::max(widest, display_width(part));
        from = stop + 1;
    }
    return widest;
}

/// The widest part of a cell that may break after commas.
std::size_t widest_part(std::string_view text) {
    std::size_t widest = 0;
    for (auto comma = text.find(", "); comma != std::string_view::npos; comma = text.find(", ")) {
        widest = std::max(widest, display_width(text.substr(0, comma + 1)));
        text.remove_prefix(comma + 2);
    }
    return std::max(widest, display_width(text));
}

struct placed {
    std::size_t index;
    std::size_t cells;   ///< widest cell
    std::size_t broken;  ///< widest part of a broken cell
    std::size_t width;
};

std::size_t total_width(const std::vector<placed>& columns) {
    std::size_t sum = columns.empty() ? 0 : gap * (columns.size() - 1);
    for (const auto& one : columns)
        sum += one.width;
    return sum;
}

void append_padded(std::string& line, std::string_view text, std::size_t width, align side) {
    const auto missing = width - std::min(width, display_width(text));
    if (side == align::right) line.append(missing, ' ');
    line += text;
    if (side == align::left) line.append(missing, ' ');
}

void append_line(std::string& out, std::string& line) {
    line.erase(line.find_last_not_of(' ') + 1);
    out += line;
    out += '\n';
    line.clear();
}

}  // namespace

std::string table::text(std::size_t width) const {
    std::vector<placed> shown_columns;
    for (std::size_t index = 0; index < columns_.size(); ++index) {
        std::size_t cells = 0;
        std::size_t broken = 0;
        for (const auto& row : rows_) {
            cells = std::max(cells, display_width(row[index]));
            broken = std::max(broken, widest_part(row[index]));
        }
        shown_columns.push_back({index, cells, broken, std::max(cells, heading_width(columns_[index].heading, ". "))});
    }
    const auto narrow = [&](const auto& least) {
        while (total_width(shown_columns) > width) {
            placed* widest = nullptr;
            for (auto& one : shown_columns)
                if (one.width > least(one) && (widest == nullptr || one.width > widest->width)) widest = &one;
            if (widest == nullptr) return;
            --widest->width;
        }
    };
    const auto heading_at_least = [this](const placed& one) {
        return heading_width(columns_[one.index].heading, "._ ");
    };
    narrow([&](const placed& one) { return std::max(one.cells, heading_at_least(one)); });
    narrow([&](const placed& one) { return std::max(one.broken, heading_at_least(one)); });

    std::vector<std::string> left_out;
    while (total_width(shown_columns) > width) {
        const auto importance = [this](const placed& one) { return columns_[one.index].importance; };
        const auto least = std::ranges::max_element(shown_columns, {}, importance);
        if (importance(*least) == 0) break;
        left_out.push_back(columns_[least->index].heading);
        shown_columns.erase(least);
    }
    narrow([](const placed&) { return narrowest; });

    std::string out;
    std::string line;
    const auto append_row = [&](const auto& lines_of) {
        std::vector<std::vector<std::string>> cells;
        std::size_t lines = 1;
        for (const auto& one : shown_columns) {
            cells.push_back(lines_of(one));
            lines = std::max(lines, cells.back().size());
        }
        for (std::size_t at = 0; at < lines; ++at) {
            for (std::size_t place = 0; place < shown_columns.size(); ++place) {
                if (place != 0) line.append(gap, ' ');
                append_padded(line, at < cells[place].size() ? cells[place][at] : "", shown_columns[place].width,
                              columns_[shown_columns[place].index].side);
            }
            append_line(out, line);
        }
    };
    append_row([this](const placed& one) {
        const auto& heading = columns_[one.index].heading;
        return wrapped(heading, one.width, heading_width(heading, ". ") <= one.width ? "." : "._");
    });
    for (const auto& one : shown_columns) {
        if (&one != &shown_columns.front()) line.append(gap, ' ');
        line.append(one.width, '-');
    }
    append_line(out, line);
    for (const auto& row : rows_)
        append_row([&row](const placed& one) { return wrapped(row[one.index], one.width); });

    if (!left_out.empty()) {
        std::string note = "(too narrow for:";
        for (const auto& heading : left_out)
            note += (note.back() == ':' ? " " : ", ") + heading;
        out += paragraph(note + ")", width, 1);
    }
    return out;
}

}  // namespace firstfin::report
