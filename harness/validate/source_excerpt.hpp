#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/nginx_conf/configuration.hpp"

namespace firstfin::validate {

/// Two lines, each ended: the source line of a place (a part of it when it is long) and a caret under the column;
/// printable. Empty when the place is not in the text.
[[nodiscard]] std::string source_excerpt(std::string_view text, nginx_conf::position where);

/// All emerg messages, up to twenty, each with its place and excerpt. Messages about the file called `frame` go
/// without.
[[nodiscard]] std::string errors_in_words(const nginx_conf::configuration& read, std::string_view frame);

}  // namespace firstfin::validate
