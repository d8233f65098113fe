#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "server/nginx_conf/directive.hpp"
#include "server/nginx_conf/file_access.hpp"
#include "server/nginx_conf/message.hpp"
#include "server/nginx_conf/nginx_version.hpp"

// Reading an nginx configuration: `nginx -t` as a function. It accepts and refuses what nginx does as far as syntax,
// contexts, counts and values of the directives in directive_table.cpp go; it never opens logs, certificates or
// sockets, resolves no names and knows no variables, so nginx may still refuse what passes here.

namespace firstfin::nginx_conf {

struct configuration {
    std::vector<std::string> files;  ///< paths, in the order they were first opened; position::file counts here
    std::vector<std::string> texts;  ///< their contents
    std::vector<directive> tree;     ///< the main context
    std::vector<message> messages;   ///< in the order nginx would meet them
    std::size_t unknown_directives = 0;

    /// No emerg: nginx would take it, given modules for the unknown directives.
    [[nodiscard]] bool is_valid() const;
    /// The file asked for; empty when it could not be read.
    [[nodiscard]] std::string main_file() const;
    [[nodiscard]] std::string in_words(const message& what) const { return to_text(what, files); }
};

struct reading_options {
    nginx_version version = newest_known;  ///< whose directives are known
    file_access access = files_on_disk();
    std::string command_line{};  ///< directives of the main level that come first (nginx -g)
};

/// How messages and positions call `reading_options::command_line`; it counts among configuration::files.
inline constexpr std::string_view command_line_name = "command line";

/// `path` is taken from `prefix` when it is relative (nginx -p PREFIX -c PATH); includes are taken from the folder of
/// `path`. Never throws for what the files contain, or for a missing file: see messages.
[[nodiscard]] configuration read_configuration(const std::string& path, const std::string& prefix,
                                               const reading_options& options = {});

/// What `nginx -T` prints after its verdict: every file read, once, under its name.
[[nodiscard]] std::string dump(const configuration& read);

}  // namespace firstfin::nginx_conf
