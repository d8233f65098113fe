#pragma once

#include <string_view>

namespace firstfin::http_request {

[[nodiscard]] constexpr char lower(char one) {
    return one >= 'A' && one <= 'Z' ? static_cast<char>(one | 0x20) : one;
}

[[nodiscard]] constexpr bool is_digit(char one) {
    return one >= '0' && one <= '9';
}

[[nodiscard]] constexpr bool is_letter(char one) {
    return lower(one) >= 'a' && lower(one) <= 'z';
}

/// `word` is in lower case.
[[nodiscard]] constexpr bool equals_any_case(std::string_view text, std::string_view word) {
    if (text.size() != word.size()) return false;
    for (std::size_t at = 0; at != text.size(); ++at) {
        if (lower(text[at]) != word[at]) return false;
    }
    return true;
}

/// The value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char one) {
    if (is_digit(one)) return one - '0';
    const auto letter = lower(one);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace firstfin::http_request
