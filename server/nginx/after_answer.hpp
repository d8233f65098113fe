#pragma once

#include <cstddef>

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// What becomes of a connection whose answer is with the kernel.
enum class next_step : std::uint8_t {
    keep,
    linger,  ///< FIN, then input is dropped for a while
    close,
};

/// Everything that nginx looks at then (ngx_http_finalize_connection).
struct answered {
    bool keeps_alive = false;    ///< r->keepalive
    bool exiting = false;        ///< the worker shall end
    bool input_ended = false;    ///< the peer's FIN was read
    bool had_body = false;       ///< r->lingering_close: a body that did not come by itself
    bool input_ready = false;    ///< the socket may hold more
    bool was_pipelined = false;  ///< c->pipeline: since 1.23.4 such a connection always lingers
    std::size_t buffered = 0;    ///< bytes read that belong to nothing yet
};

[[nodiscard]] next_step after_answer(const answered& state, const nginx_conf::location_values& values);

}  // namespace firstfin::nginx
