#pragma once

#include <string>
#include <string_view>

#include "server/nginx/answers/moment.hpp"

namespace firstfin::nginx {

/// Appends the file that a URI means where it is served (ngx_http_map_uri_to_path). A normalised URI cannot lead out
/// of the root.
void append_file_path(std::string& out, const moment& at, std::string_view uri);

}  // namespace firstfin::nginx
