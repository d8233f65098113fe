#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace firstfin::report {

enum class align : std::uint8_t { left, right };

/// A text table that is never wider than asked: first headings break, then cells after commas, then columns go, the
/// least important first, and at last what remains is narrowed. Texts are shown text already.
class table {
public:
    struct column {
        std::string heading;
        align side = align::left;
        unsigned importance = 0;  ///< 0: never left out; else the highest goes first
    };

    explicit table(std::vector<column> columns) : columns_(std::move(columns)) {}
    /// As many texts as columns.
    void add_row(std::vector<std::string> texts) { rows_.push_back(std::move(texts)); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    [[nodiscard]] std::string text(std::size_t width) const;

private:
    std::vector<column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace firstfin::report
