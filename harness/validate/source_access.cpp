#include "harness/validate/source_access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <istream>
#include <memory>
#include <system_error>

namespace firstfin::validate {

namespace {

namespace fs = std::filesystem;
using nginx_conf::file_access;

result<std::string> text_or_error(std::string text) {
    return result<std::string>(boost::system::in_place_value, std::move(text));
}

parse_error too_large(const std::string& name) {
    return parse_error(fmt::format("\"{}\" is larger than {} MB, which no configuration is: it is not read", name,
                                   most_bytes_of_a_file >> 20U));
}

result<std::string> if_text(std::string text, const std::string& name) {
    const auto zero = text.find('\0');
    if (zero == std::string::npos) return text_or_error(std::move(text));
    const auto line = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(zero), '\n') + 1;
    return parse_error(fmt::format(
        "\"{}\" is no text: line {} has a byte 0 (a program, an archive, or UTF-16, which nginx does not read)", name,
        line));
}

}  // namespace

result<std::string> read_stream(std::istream& from, const std::string& name) {
    std::string text;
    std::string piece(std::size_t{1} << 16U, '\0');
    while (from.read(piece.data(), static_cast<std::streamsize>(piece.size())), from.gcount() > 0) {
        text.append(piece, 0, static_cast<std::size_t>(from.gcount()));
        if (text.size() > most_bytes_of_a_file) return too_large(name);
    }
    return if_text(std::move(text), name);
}

file_access careful_access(std::set<std::string> given) {
    const auto disk = nginx_conf::files_on_disk();
    return {
        [disk](const std::string& path) -> result<std::string> {
            std::error_code failed;
            const auto status = fs::status(path, failed);
            if (!failed && fs::is_regular_file(status) && fs::file_size(path, failed) > most_bytes_of_a_file && !failed)
                return too_large(path);
            auto text = disk.read(path);
            if (!text) return text.error();
            return if_text(std::move(*text), path);
        },
        [disk, given](const std::string& pattern) {
            return given.contains(pattern) ? std::vector{pattern} : disk.glob(pattern);
        }};
}

file_access with_text(file_access below, std::string name, std::string text) {
    // Access is copied about, a text of megabytes is not.
    const auto shared = std::make_shared<const std::string>(std::move(text));
    return {[below, name, shared](const std::string& path) {
                return path == name ? text_or_error(*shared) : below.read(path);
            },
            below.glob};
}

}  // namespace firstfin::validate
