#include "server/nginx_conf/message.hpp"

#include <fmt/format.h>

#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx_conf {

namespace {

/// Bytes of the UTF-8 character at the beginning of `text`; 0 when there is none.
std::size_t character_length(std::string_view text) {
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80) return first < 0x20 || first == 0x7f ? 0 : 1;
    // C1 controls (U+0080 to U+009F) are as bad as C0: some terminals obey them.
    const std::size_t length = first >= 0xc3 && first <= 0xdf   ? 2
                               : first >= 0xe0 && first <= 0xef ? 3
                               : first >= 0xf0 && first <= 0xf4 ? 4
                               : first == 0xc2                  ? 2
                                                                : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0U) != 0x80U) return 0;
    if (first == 0xc2 && static_cast<unsigned char>(text[1]) < 0xa0) return 0;
    return length;
}

std::string_view name_of(severity level) {
    switch (level) {
        case severity::emerg:
            return "emerg";
        case severity::warn:
            return "warn";
        case severity::note:
            return "note";
    }
    return "?";
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto length = character_length(text);
        if (length == 0) {
            out += fmt::format("\\x{:02X}", static_cast<unsigned char>(text[0]));
            text.remove_prefix(1);
        } else {
            out += text.substr(0, length);
            text.remove_prefix(length);
        }
    }
    return out;
}

std::string to_text(const message& what, const std::vector<std::string>& files) {
    std::string place;
    if (what.where.is_known())
        place = fmt::format("{}:{}:{}: ", printable(files.at(what.where.file)), what.where.line, what.where.column);
    return fmt::format("{}[{}] {}", place, name_of(what.level), printable(what.text));
}

std::string nginx_place(position where, std::uint32_t line, const std::vector<std::string>& files) {
    if (!where.is_known()) return {};
    const auto& file = files.at(where.file);
    // Directives of the command line have no lines.
    if (line == 0 || file == command_line_name) return " in " + printable(file);
    return fmt::format(" in {}:{}", printable(file), line);
}

std::string to_nginx_text(const message& what, const std::vector<std::string>& files) {
    return printable(what.text) + nginx_place(what.where, what.nginx_line, files);
}

}  // namespace firstfin::nginx_conf
