#include "server/nginx/worker_state.hpp"

#include <utility>

namespace firstfin::nginx {

namespace {
constexpr nginx_conf::nginx_version waiting_outlives_idle{1, 21, 6};
constexpr nginx_conf::nginx_version pipelining_lingers{1, 23, 4};
}  // namespace

worker_state::worker_state(site& served, error_log& where, std::size_t slots, std::size_t taken)
    : all(served),
      log(where),
      table(slots, taken),
      lingers_after_pipelining(served.settings().version >= pipelining_lingers),
      waiting_is_idle(served.settings().version < waiting_outlives_idle) {
    for (std::size_t i = 0; i < served.settings().listens.size(); ++i)
        pools.emplace_back(served.rules(i));
}

bool worker_state::may_warn_of_draining() {
    return std::exchange(warned_of_draining, loop.clock().seconds()) != loop.clock().seconds();
}

}  // namespace firstfin::nginx
