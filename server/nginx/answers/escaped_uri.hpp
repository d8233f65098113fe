#pragma once

#include <string>
#include <string_view>

namespace firstfin::nginx {

/// A decoded path as it may stand in a Location line (ngx_escape_uri, NGX_ESCAPE_URI).
void append_escaped_uri(std::string& out, std::string_view path);

}  // namespace firstfin::nginx
