#include "server/nginx/answers/path_mapping.hpp"

#include <algorithm>

#include "server/nginx/answers/served.hpp"

namespace firstfin::nginx {

void append_file_path(std::string& out, const moment& at, std::string_view uri) {
    const auto& location = *at.location;
    location.root.append(out, at);
    if (!location.values->is_alias.value) {
        out.append(uri);
    } else if (location.from->match.is_pattern()) {
        // The alias of a pattern is the whole file, unless try_files made the URI a part of it.
        if (at.adds_uri_to_alias) out.append(uri);
    } else {
        out.append(uri.substr(std::min(uri.size(), location.alias_size)));
    }
}

}  // namespace firstfin::nginx
