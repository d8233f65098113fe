#pragma once

#include <memory>
#include <string>

#include "server/nginx/answers/site.hpp"
#include "server/nginx/error_log.hpp"
#include "server/nginx/master/invocation.hpp"

namespace firstfin::nginx {

/// A configuration read, found good and made ready.
struct loaded {
    std::unique_ptr<site> all;
    error_log log;
    std::string pid_path;  ///< absolute

    [[nodiscard]] const nginx_conf::core_settings& core() const { return all->settings().core; }
    /// worker_processes, with auto as the processors at hand.
    [[nodiscard]] unsigned worker_count() const;
};

/// Reads, checks and prepares. Throws bad_input with every message, one a line, when nginx would refuse it; nothing is
/// changed then.
[[nodiscard]] loaded load(const invocation& asked);
/// Where the pid file is, of a configuration that need not be servable (-s).
[[nodiscard]] std::string pid_path_of(const invocation& asked);

}  // namespace firstfin::nginx
