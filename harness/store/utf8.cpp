#include "harness/store/utf8.hpp"

namespace firstfin {

code_point first_code_point(std::string_view text) {
    constexpr code_point wrong{U'\uFFFD', 1, false};
    const auto byte = [text](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const auto lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::uint8_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return wrong;
    char32_t value = lead & (0x7FU >> length);
    for (std::size_t at = 1; at < length; ++at) {
        if ((byte(at) & 0xC0U) != 0x80U) return wrong;
        value = value << 6U | (byte(at) & 0x3FU);
    }
    constexpr char32_t shortest[] = {0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < shortest[length] || value > 0x10FFFF || surrogate) return wrong;
    return {value, length, true};
}

}  // namespace firstfin
