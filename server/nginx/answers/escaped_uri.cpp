#include "server/nginx/answers/escaped_uri.hpp"

namespace firstfin::nginx {

void append_escaped_uri(std::string& out, std::string_view path) {
    constexpr std::string_view hex_digits = "0123456789ABCDEF";
    constexpr std::string_view escaped = "\"#%<>?\\^`{|}";
    for (const char one : path) {
        const auto byte = static_cast<unsigned char>(one);
        if (byte > 0x20 && byte < 0x7f && escaped.find(one) == std::string_view::npos)
            out.push_back(one);
        else
            out.append({'%', hex_digits[byte >> 4U], hex_digits[byte & 0xfU]});
    }
}

}  // namespace firstfin::nginx
