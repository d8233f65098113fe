#include "harness/validate/fixing/text_lines.hpp"

#include <algorithm>

namespace firstfin::validate::fixing {

text_lines::text_lines(std::string_view text) : text_(text), starts_{0} {
    for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1))
        starts_.push_back(end + 1);
    if (starts_.back() != text.size()) starts_.push_back(text.size());
}

std::size_t text_lines::line_at(std::size_t offset) const {
    if (offset < text_.size() || text_.empty() || text_.back() == '\n') {
        const auto after = std::ranges::upper_bound(starts_, offset);
        return static_cast<std::size_t>(after - starts_.begin()) - 1;
    }
    return count() - 1;
}

std::optional<std::size_t> text_lines::offset_of(nginx_conf::position where) const {
    if (where.line == 0 || where.column == 0 || where.line > count()) return std::nullopt;
    const auto offset = start(where.line - 1) + where.column - 1;
    if (offset >= start(where.line)) return std::nullopt;
    return offset;
}

}  // namespace firstfin::validate::fixing
