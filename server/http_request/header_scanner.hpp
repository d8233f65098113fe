#pragma once

#include <cstdint>

#include "server/http_request/request.hpp"
#include "server/http_request/scan_step.hpp"

namespace firstfin::http_request {

/// nginx's grammar of the header lines (ngx_http_parse_header_line): a line may end in LF alone; a name without a colon
/// is a field without a value; a blank, a control character or a NUL where none may be is refused when it comes, and so
/// are a blank before the colon, a folded line and a CR that ends nothing. Goes on where it stopped; the bytes may have
/// moved meanwhile.
class header_scanner {
public:
    enum class found { line, end };

    header_scanner(bool underscores_are_fine, bool tabs_are_blanks)
        : underscores_are_fine_(underscores_are_fine), tabs_are_blanks_(tabs_are_blanks) {}

    void begin_at(std::uint32_t position) { at_ = position; }

    /// Up to the end of one line, which may be the empty one.
    scan_step scan(const char* bytes, std::uint32_t size);

    /// Behind the line, or where the bytes ran out, or at the byte that was wrong.
    [[nodiscard]] std::uint32_t position() const { return at_; }
    [[nodiscard]] found what() const { return what_; }
    [[nodiscard]] const header_list::place& line() const { return line_; }
    /// Its name has a character that ignore_invalid_headers frowns upon.
    [[nodiscard]] bool name_is_odd() const { return odd_; }

private:
    enum class state : std::uint8_t { first, name, before_value, value, line_feed, last_line_feed };

    bool is_blank(char one) const { return one == ' ' || (one == '\t' && tabs_are_blanks_); }
    void end_name() { line_.name_size = at_ - line_.name; }
    void end_value(const char* bytes);
    scan_step finish(found what);

    header_list::place line_{};
    std::uint32_t at_ = 0;
    state state_ = state::first;
    found what_ = found::line;
    bool odd_ = false;
    bool underscores_are_fine_;
    bool tabs_are_blanks_;
};

}  // namespace firstfin::http_request
