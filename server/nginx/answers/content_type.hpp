#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// What stands behind the last dot of a path; empty for "/.profile" and "/a.b/c" (ngx_http_set_exten).
[[nodiscard]] std::string_view extension_of(std::string_view path);

struct text_hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

/// A `types` block, made ready to look in. Refers to its texts.
class content_type_table {
public:
    explicit content_type_table(const nginx_conf::content_types& types);
    /// Null when the extension has no type.
    [[nodiscard]] const std::string* find(std::string_view extension) const;

private:
    nginx_conf::content_types kept_;
    std::unordered_map<std::string_view, const std::string*> by_extension_;
};

}  // namespace firstfin::nginx
