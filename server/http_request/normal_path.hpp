#pragma once

#include <string>
#include <string_view>

namespace firstfin::http_request {

enum class slashes { merge, keep };

/// What a target means, as ngx_http_parse_complex_uri has it: percent sequences decoded once, dot segments and double
/// slashes resolved (a decoded '/' or '.' counts as one), '?' begins the arguments, which stay as they are, and '#'
/// ends it all. `target` begins with '/', or is empty or begins with '?' or '#' behind a host. False for a bad percent
/// sequence, for %00 and for a path that would leave the root.
[[nodiscard]] bool read_target(std::string_view target, slashes doubled, std::string& path, std::string_view& args);

}  // namespace firstfin::http_request
