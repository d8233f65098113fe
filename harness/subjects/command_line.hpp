#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/parse_error.hpp"

// The `command` subjects: any program, by the line that starts it. Pure text; no shell is involved, so what it says is
// what is executed, on every machine.

namespace firstfin::subjects {

/// The words of a line as a POSIX shell splits them: blanks and line ends separate, '...' keeps everything, "..."
/// everything but \" \\ \$ \` and a backslash at a line's end, and a backslash keeps the next character. Nothing is
/// expanded or redirected, and # starts no comment: $HOME, *, > and | are ordinary characters.
[[nodiscard]] result<std::vector<std::string>> split_command(std::string_view line);

/// Name to value: {"port", "8080"} stands for {port}.
using placeholders = std::map<std::string, std::string, std::less<>>;

/// {name} becomes its value, {{name}} is the text {name}. An unknown name is an error that lists the known ones. Other
/// braces, as configuration files have them, stay as they are: a name consists of lower-case letters and underscores.
[[nodiscard]] result<std::string> filled(std::string_view text, const placeholders& values);

/// Split first and filled after, so that no value is ever taken apart. At least one word: the program.
[[nodiscard]] result<std::vector<std::string>> command_words(std::string_view line, const placeholders& values);

}  // namespace firstfin::subjects
