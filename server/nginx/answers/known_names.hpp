#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "server/nginx/answers/text_template.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// The variables that a configuration may use: ours, nginx's own that have no value here, and those that it makes
/// itself with set, map and their like, which have none either.
class known_names {
public:
    using said = std::function<void(nginx_conf::position where, const std::string& about, const std::string& text)>;

    known_names(const nginx_conf::http_settings& settings, const std::vector<std::string>& files, said note);

    /// Throws bad_input for a variable that nginx would not know.
    [[nodiscard]] text_template compile(std::string_view text, nginx_conf::position where) const;

private:
    [[nodiscard]] variable find(std::string_view name, nginx_conf::position where) const;
    void collect_captures(const nginx_conf::location_settings& level);
    void collect_captures(std::string_view pattern);

    const std::vector<std::string>& files_;
    said note_;
    std::set<std::string, std::less<>> made_;
};

}  // namespace firstfin::nginx
