#pragma once

#include <string>

#include "server/nginx_conf/nginx_version.hpp"

namespace firstfin::nginx {

/// What nginx's command line asks for, as values.
struct invocation {
    std::string prefix;      ///< -p, with its last slash
    std::string conf;        ///< -c; taken from the prefix when it is relative
    std::string directives;  ///< -g
    std::string error_log;   ///< -e; empty: standard error until the configuration names one
    std::string signal;      ///< -s, the word: for the process in the pid file
    nginx_conf::nginx_version version = nginx_conf::newest_known;
    bool writes_nothing = false;  ///< see writing_nothing()
};

/// The compiled-in places of a plain nginx, below its prefix.
inline constexpr auto default_prefix = "/usr/local/nginx/";
inline constexpr auto default_conf = "conf/nginx.conf";
inline constexpr auto default_pid = "logs/nginx.pid";

/// Serves as told, or sends a signal; answers the exit code, which is nginx's: 0, or 1 when it could not. Why is on
/// standard error and in the log then.
[[nodiscard]] int run(const invocation& asked);

/// -v: as nginx prints it, with our own version behind.
[[nodiscard]] std::string version_line(const nginx_conf::nginx_version& version);
/// -V: what nginx lists there, as far as it is so here: programs look for the modules that are missing.
[[nodiscard]] std::string build_lines(const nginx_conf::nginx_version& version);

}  // namespace firstfin::nginx
