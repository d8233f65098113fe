#include "server/nginx/answers/content_type.hpp"

#include <algorithm>

#include "server/http_request/letters.hpp"

namespace firstfin::nginx {

std::string_view extension_of(std::string_view path) {
    for (auto at = path.size(); at-- > 2;) {
        if (path[at] == '/') return {};
        if (path[at] == '.' && path[at - 1] != '/') return path.substr(at + 1);
    }
    return {};
}

content_type_table::content_type_table(const nginx_conf::content_types& types) : kept_(types) {
    if (!kept_) return;
    for (const auto& [extension, type] : *kept_)
        by_extension_.emplace(extension, &type);
}

const std::string* content_type_table::find(std::string_view extension) const {
    constexpr std::size_t longest = 32;
    char lower[longest];
    // Longer ones are looked for as they are written: nobody has types for such.
    if (extension.size() <= longest) {
        std::transform(extension.begin(), extension.end(), lower, http_request::lower);
        extension = {lower, extension.size()};
    }
    const auto found = by_extension_.find(extension);
    return found == by_extension_.end() ? nullptr : found->second;
}

}  // namespace firstfin::nginx
