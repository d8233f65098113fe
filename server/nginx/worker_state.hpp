#pragma once

#include <array>
#include <vector>

#include "server/nginx/answers/site.hpp"
#include "server/nginx/connection_table.hpp"
#include "server/nginx/error_log.hpp"
#include "server/nginx/event_loop.hpp"
#include "server/nginx/request_in_progress.hpp"

namespace firstfin::nginx {

/// What all connections of a worker share. Outlives them.
struct worker_state {
    worker_state(site& all, error_log& log, std::size_t slots, std::size_t taken);

    /// At most once a second (cycle->connections_reuse_time).
    [[nodiscard]] bool may_warn_of_draining();

    site& all;
    error_log& log;
    event_loop loop;
    connection_table table;
    std::vector<request_pool> pools;  ///< by listen
    std::array<char, 4096> waste{};   ///< what is read to be dropped (NGX_HTTP_DISCARD_BUFFER_SIZE)
    bool exiting = false;
    bool lingers_after_pipelining;  ///< since nginx 1.23.4
    bool waiting_is_idle;           ///< before 1.21.6 a worker that ends closes connections that wait, too
    std::time_t warned_of_draining = 0;
};

}  // namespace firstfin::nginx
