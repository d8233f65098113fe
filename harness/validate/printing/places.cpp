#include "harness/validate/printing/places.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "harness/store/utf8.hpp"
#include "harness/validate/parts.hpp"
#include "harness/validate/sources.hpp"

namespace firstfin::validate::printing {

namespace {

std::uint32_t code_points(std::string_view text) {
    std::uint32_t count = 0;
    for (; !text.empty(); ++count)
        text.remove_prefix(first_code_point(text).bytes);
    return count;
}

bool is_ascii(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return static_cast<std::uint8_t>(c) < 0x80; });
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~/").find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view path) {
    std::string out;
    for (const char c : path)
        if (is_unreserved(c))
            out += c;
        else
            fmt::format_to(std::back_inserter(out), "%{:02X}", static_cast<std::uint8_t>(c));
    return out;
}

}  // namespace

source_places::source_places(const nginx_conf::configuration& read) : read_(read) {
    for (const auto& text : read.texts) {
        lines_.emplace_back(text);
        ascii_.push_back(is_ascii(text));
    }
}

std::optional<region> source_places::word_at(nginx_conf::position where) const {
    if (!where.is_known() || where.file >= lines_.size()) return std::nullopt;
    const auto offset = lines_[where.file].offset_of(where);
    if (!offset) return std::nullopt;
    return region_of(where.file, *offset, word_length(std::string_view(read_.texts[where.file]).substr(*offset)));
}

region source_places::region_of(std::size_t file, std::size_t offset, std::size_t length) const {
    const std::string_view text = read_.texts[file];
    const auto& lines = lines_[file];
    const auto place = [&](std::size_t at) {
        const auto line = lines.line_at(at);
        const auto start = lines.start(line);
        const auto before = text.substr(start, at - start);
        const auto count = ascii_[file] ? static_cast<std::uint32_t>(before.size()) : code_points(before);
        return std::pair(static_cast<std::uint32_t>(line + 1), count + 1);
    };
    const auto [start_line, start_column] = place(offset);
    const auto [end_line, end_column] = place(std::min(offset + length, text.size()));
    return {start_line, start_column, end_line, end_column};
}

std::string_view source_places::line_of(nginx_conf::position where) const {
    if (!where.is_known() || where.file >= lines_.size() || where.line > lines_[where.file].count()) return {};
    auto line = lines_[where.file].line(where.line - 1);
    while (line.ends_with('\n') || line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::size_t word_length(std::string_view from) {
    if (from.empty()) return 1;
    const bool quoted = from.front() == '"' || from.front() == '\'';
    for (std::size_t at = 1; at < from.size(); ++at) {
        if (from[at] == '\n') return at;
        if (from[at] == '\\')
            ++at;
        else if (quoted ? from[at] == from.front() : std::string_view(" \t\r;{}").find(from[at]) != std::string::npos)
            return quoted ? at + 1 : at;
    }
    return from.size();
}

const std::string& file_of(nginx_conf::position where, const nginx_conf::configuration& read) {
    static const std::string nameless = "nginx.conf";
    if (where.is_known() && where.file < read.files.size()) return read.files[where.file];
    const auto main = std::ranges::find(read.files, read.main_file());
    return main == read.files.end() ? nameless : *main;
}

bool is_on_disk(std::string_view file) {
    return file != standard_input_name && file != nginx_conf::command_line_name && !file.ends_with(frame_name);
}

std::string path_from(const std::filesystem::path& folder, const std::string& file) {
    if (!is_on_disk(file)) return file;
    const auto whole = (folder / file).lexically_normal();
    const auto relative = whole.lexically_relative(folder.lexically_normal());
    const bool below = !relative.empty() && *relative.begin() != ".." && relative != ".";
    return below ? relative.string() : whole.string();
}

std::string uri_from(const std::filesystem::path& folder, const std::string& file) {
    const auto path = path_from(folder, file);
    return (path.starts_with('/') ? "file://" : "") + percent_encoded(path);
}

}  // namespace firstfin::validate::printing
