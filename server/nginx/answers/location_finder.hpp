#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

struct served_location;

/// The locations directly within one level, ordered for search: nginx_conf::find_location's rules in logarithmic time
/// and without memory of its own.
class location_finder {
public:
    struct found {
        const served_location* location = nullptr;  ///< null: nothing below this level
        bool adds_slash = false;
    };
    void add(const nginx_conf::location_settings& settings, const served_location& served);
    /// After the last add().
    void order();
    [[nodiscard]] found find(std::string_view uri) const;

private:
    struct entry {
        std::string_view name;
        const served_location* exact = nullptr;
        const served_location* prefix = nullptr;
        bool final = false;       ///< "^~": no pattern is tried
        std::int32_t outer = -1;  ///< the longest other name that this one begins with
    };
    struct pattern {
        const nginx_conf::regular_expression* expression;
        const served_location* location;
    };
    struct passing {
        std::string_view name;  ///< without its last slash
        const served_location* location;
    };
    struct result {
        const served_location* location = nullptr;
        bool done = false;
        bool adds_slash = false;
    };
    [[nodiscard]] result search(std::string_view uri) const;
    [[nodiscard]] const served_location* slash_added(std::string_view uri) const;

    std::vector<entry> names_;
    std::vector<pattern> patterns_;
    std::vector<passing> passing_;
};

}  // namespace firstfin::nginx
