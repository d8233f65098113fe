#pragma once

#include <algorithm>
#include <cstddef>

#include "server/http_request/request_rules.hpp"

namespace firstfin::http_request {

/// How much header nginx's buffers hold (ngx_http_alloc_large_header_buffer). Reading starts in a small buffer; a line
/// that does not end in its buffer is moved to the start of a large one, of which there are only so many, and must fit
/// that one. So what is too large depends on where the lines lie, not on their sum alone.
class header_room {
public:
    explicit header_room(const request_rules& rules)
        : small_(std::max<std::size_t>(rules.client_header_buffer_size, 1)),
          large_(rules.large_buffer_size),
          left_(rules.large_buffers),
          end_(small_) {}

    /// nginx rewinds a buffer that holds line ends only. `begin`: of the request line, as everywhere.
    void skip_line_ends(std::size_t begin) { end_ = (begin / small_ + 1) * small_; }

    /// Whether the line that begins at `begin` may reach up to `end`. Lines come in order.
    bool fits(std::size_t begin, std::size_t end) { return end <= end_ || fits_after_moving(begin, end); }

    /// Of the buffer that holds the last line asked about.
    [[nodiscard]] std::size_t end() const { return end_; }

private:
    bool fits_after_moving(std::size_t begin, std::size_t end) {
        for (; end > end_; end_ = begin + large_) {
            const auto held = end_ - begin;
            if ((held != 0 && held >= large_) || left_ == 0) return false;
            --left_;
        }
        return true;
    }

    std::size_t small_;
    std::size_t large_;
    std::size_t left_;
    std::size_t end_;
};

}  // namespace firstfin::http_request
