#pragma once

#include <string>
#include <vector>

#include "server/nginx_conf/position.hpp"

namespace firstfin::nginx_conf {

/// emerg: nginx refuses the configuration. warn: nginx takes it, with this warning. note: ours alone.
enum class severity : std::uint8_t { emerg, warn, note };

struct message {
    severity level = severity::emerg;
    position where;                  ///< the word it is about
    std::uint32_t nginx_line = 0;    ///< the line nginx would name: it counts up to the ";" or "{"; 0: names none
    std::uint32_t order = 0;         ///< when nginx would meet it, see directive::head_order
    bool unknown_directive = false;  ///< a note to us; reason enough for an nginx without that module to refuse
    std::string text;                ///< in nginx's words as far as it has any; control characters may be in it
};

/// Control characters and bytes that are no UTF-8 as \xNN, so that a hostile file cannot reach a terminal.
[[nodiscard]] std::string printable(std::string_view text);

/// `file:line:column: [emerg] text`, printable.
[[nodiscard]] std::string to_text(const message& what, const std::vector<std::string>& files);

/// " in file:line", " in command line", or nothing for a place that is not known; printable.
[[nodiscard]] std::string nginx_place(position where, std::uint32_t line, const std::vector<std::string>& files);

/// As nginx ends its lines: `text in file:line`, printable; the level goes elsewhere.
[[nodiscard]] std::string to_nginx_text(const message& what, const std::vector<std::string>& files);

}  // namespace firstfin::nginx_conf
