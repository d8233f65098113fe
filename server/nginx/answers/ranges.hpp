#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace firstfin::nginx {

struct byte_range {
    std::int64_t begin = 0;
    std::int64_t end = 0;  ///< behind its last byte
    friend bool operator==(const byte_range&, const byte_range&) = default;
};

enum class range_wish : std::uint8_t {
    whole,         ///< no range, or nothing that is worth one
    parts,         ///< 206
    unsatisfiable  ///< 416
};

/// What a Range line asks of `size` bytes, as ngx_http_range_parse reads it: a bad set is unsatisfiable, ranges that
/// overlap to more than the whole are not worth it.
[[nodiscard]] range_wish read_ranges(std::string_view line, std::int64_t size, std::vector<byte_range>& out);

}  // namespace firstfin::nginx
