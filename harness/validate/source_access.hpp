#pragma once

#include <iosfwd>
#include <set>
#include <string>

#include "server/nginx_conf/file_access.hpp"

namespace firstfin::validate {

/// Larger than any configuration: what is given by mistake is not read into memory.
inline constexpr std::size_t most_bytes_of_a_file = std::size_t{64} << 20U;

/// The text of a stream, or why it is refused: too large, or no text (it has a byte 0).
[[nodiscard]] result<std::string> read_stream(std::istream& from, const std::string& name);

/// The disk, with those refusals. The names of `given`, which the user named, are never taken for patterns.
[[nodiscard]] nginx_conf::file_access careful_access(std::set<std::string> given);

/// `text` under `name` before what `below` has.
[[nodiscard]] nginx_conf::file_access with_text(nginx_conf::file_access below, std::string name, std::string text);

}  // namespace firstfin::validate
