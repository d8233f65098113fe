#pragma once

#include <memory>
#include <vector>

#include "server/nginx/answers/site.hpp"
#include "server/nginx/error_log.hpp"

namespace firstfin::nginx {

struct listening_socket {
    int fd = -1;             ///< bound, listening, non-blocking; closed when the worker stops accepting
    std::size_t listen = 0;  ///< index into http_settings::listens
};

/// One nginx worker (ngx_worker_process_cycle): accepts on the sockets given and serves until it is told to end.
/// SIGQUIT: stops accepting, closes idle connections, serves the others to their end, within worker_shutdown_timeout.
/// SIGTERM, SIGINT: returns at once, and the kernel closes everything. SIGUSR1: reopens logs. These signals must be
/// blocked in the calling thread; they are read here. Throws environment_lacks when it cannot begin.
void serve(site& all, const std::vector<listening_socket>& sockets, error_log& log);

}  // namespace firstfin::nginx
