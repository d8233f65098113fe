#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/validate/fixing/text_lines.hpp"
#include "server/nginx_conf/configuration.hpp"

// Places of a configuration as other programs count and name them.

namespace firstfin::validate::printing {

/// Lines and columns count from 1, columns in code points (a byte that is no UTF-8 is one). The end is the first column
/// behind it.
struct region {
    std::uint32_t start_line = 1;
    std::uint32_t start_column = 1;
    std::uint32_t end_line = 1;
    std::uint32_t end_column = 1;
};

class source_places {
public:
    /// `read` must outlive it.
    explicit source_places(const nginx_conf::configuration& read);

    /// The word that begins there; nothing for a place that is not known or not in the text.
    [[nodiscard]] std::optional<region> word_at(nginx_conf::position where) const;
    /// `length` bytes from `offset` on.
    [[nodiscard]] region region_of(std::size_t file, std::size_t offset, std::size_t length) const;
    /// Its line without the line break; empty for a place that is not in the text.
    [[nodiscard]] std::string_view line_of(nginx_conf::position where) const;
    [[nodiscard]] const fixing::text_lines& lines(std::size_t file) const { return lines_[file]; }

private:
    const nginx_conf::configuration& read_;
    std::vector<fixing::text_lines> lines_;
    std::vector<bool> ascii_;  ///< by file: a column is a byte, and a file of one long line is no labour
};

/// Bytes of the word `from` begins with, quotes included; at least 1.
[[nodiscard]] std::size_t word_length(std::string_view from);

/// The file of a place that is known, else the main file.
[[nodiscard]] const std::string& file_of(nginx_conf::position where, const nginx_conf::configuration& read);

/// Neither standard input nor the command line, nor the frame of a part.
[[nodiscard]] bool is_on_disk(std::string_view file);

/// Relative to `folder` (absolute) when the file is below it, else as it was named.
[[nodiscard]] std::string path_from(const std::filesystem::path& folder, const std::string& file);
/// The same as a URI reference (RFC 3986): "conf.d/a%20b.conf", or "file:///etc/nginx/nginx.conf".
[[nodiscard]] std::string uri_from(const std::filesystem::path& folder, const std::string& file);

}  // namespace firstfin::validate::printing
