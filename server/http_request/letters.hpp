#pragma once

#include <cstdint>
#include <cstring>
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

/// As equals_any_case, of `text` with the word's size, 4 to 24 bytes, and no control characters in it. `word` is of
/// letters and '-', which all have bit 5 set or may be given it: whole machine words are compared.
[[nodiscard]] inline bool is_word(std::string_view text, std::string_view word) {
    const auto same = [&]<class Block>(std::size_t at, Block bit_5) {
        Block left, right;
        std::memcpy(&left, text.data() + at, sizeof left);
        std::memcpy(&right, word.data() + at, sizeof right);
        return (left | bit_5) == right;
    };
    const auto size = word.size();
    if (size < 8) return same(0, std::uint32_t{0x20202020}) && same(size - 4, std::uint32_t{0x20202020});
    constexpr std::uint64_t bits_5 = 0x2020202020202020;
    if (size > 16 && !same(8, bits_5)) return false;
    return same(0, bits_5) && same(size - 8, bits_5);
}

/// The value of a hexadecimal digit, or -1.
[[nodiscard]] constexpr int hex_value(char one) {
    if (is_digit(one)) return one - '0';
    const auto letter = lower(one);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

}  // namespace firstfin::http_request
