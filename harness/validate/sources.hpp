#pragma once

#include <array>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "core/text_value.hpp"
#include "server/nginx_conf/configuration.hpp"

// What may be judged: a main file, a folder such as /etc/nginx (its nginx.conf), standard input, or parts: a file or a
// folder (sites-enabled, conf.d) of what an nginx.conf includes. A part is read through a frame, a file that exists in
// memory alone, holds the blocks around the part and includes it: so names, lines and columns stay those of the files.

namespace firstfin::validate {

/// The block a part stands in.
enum class part_context : std::uint8_t { http, server, location };

}  // namespace firstfin::validate

namespace firstfin {
template <>
inline constexpr std::array names_of<validate::part_context> = {
    enum_name<validate::part_context>{validate::part_context::http, "http"},
    enum_name<validate::part_context>{validate::part_context::server, "server"},
    enum_name<validate::part_context>{validate::part_context::location, "location"}};
}  // namespace firstfin

namespace firstfin::validate {

struct source_request {
    std::string path;  ///< a file, a folder, or "-"
    std::optional<part_context> context{};
    nginx_conf::nginx_version version = nginx_conf::newest_known;
};

struct source {
    nginx_conf::configuration read;         ///< without errors
    std::optional<part_context> context{};  ///< it is a part, and this is around it: as asked for, or certain
    std::vector<std::string> remarks{};     ///< what was taken for granted; printable
};

/// Throws bad_input that lists all errors (up to twenty) with file:line:column, the source line and a caret: syntax,
/// missing files, include loops, files that are no text or larger than 64 MB; and for a part whose context is not
/// certain, the option that says it. Includes of a part are taken from its own folder, or from the folder up to two
/// levels above that has an nginx.conf, as nginx would.
[[nodiscard]] source read_source(const source_request& asked, std::istream& standard_input);

/// How standard input is called among configuration::files.
inline constexpr std::string_view standard_input_name = "standard input";

}  // namespace firstfin::validate
