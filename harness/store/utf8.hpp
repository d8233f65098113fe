#pragma once

#include <cstdint>
#include <string_view>

namespace firstfin {

/// One code point at the start of a text. Bytes that are no UTF-8 read as U+FFFD, one byte each.
struct code_point {
    char32_t value = 0;
    std::uint8_t bytes = 0;
    bool valid = true;
};

/// `text` is not empty.
[[nodiscard]] code_point first_code_point(std::string_view text);

}  // namespace firstfin
