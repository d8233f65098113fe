#pragma once

#include <memory>
#include <string>

#include "core/parse_error.hpp"
#include "server/nginx/answers/site.hpp"
#include "server/nginx/error_log.hpp"
#include "server/nginx/master/invocation.hpp"
#include "server/nginx/master/worker_user.hpp"

namespace firstfin::nginx {

/// Something nginx does not go on with, and why is in the log already.
struct refused : std::runtime_error {
    refused() : std::runtime_error("refused; the log says why") {}
};

/// A configuration read, found good and made ready.
struct loaded {
    std::unique_ptr<site> all;
    error_log log;
    std::string pid_path;  ///< absolute; empty: none
    worker_user user;

    [[nodiscard]] const nginx_conf::core_settings& core() const { return all->settings().core; }
    /// worker_processes, with auto as the processors at hand.
    [[nodiscard]] unsigned worker_count() const;
};

/// Reads, checks and prepares; nothing is changed when that fails. Messages about the configuration go to `told`, in
/// nginx's form. An unknown directive is refused, as by any nginx without the module it belongs to. Throws refused,
/// bad_input and environment_lacks.
[[nodiscard]] loaded load(const invocation& asked, const error_log& told);
/// Where the pid file is, of a configuration that need not be servable (-s).
[[nodiscard]] std::string pid_path_of(const invocation& asked, const error_log& told);

/// For what is to be said before a configuration names a log: the file of -e, or standard error.
[[nodiscard]] error_log first_log(const invocation& asked);

}  // namespace firstfin::nginx
