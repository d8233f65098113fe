#pragma once

#include <set>
#include <string>
#include <vector>

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// What a configuration says and nobody here follows: a line for each thing, at its first place.
class note_list {
public:
    note_list(const std::vector<std::string>& files, std::vector<std::string>& into) : files_(files), into_(into) {}
    void add(nginx_conf::position where, const std::string& about, const std::string& text);

private:
    const std::vector<std::string>& files_;
    std::vector<std::string>& into_;
    std::set<std::string> known_;
};

/// Of directives that settings leave out, and of settings that are read and not followed.
void note_what_is_not_followed(const nginx_conf::http_settings& settings, note_list& notes);

}  // namespace firstfin::nginx
