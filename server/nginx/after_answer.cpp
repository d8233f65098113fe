#include "server/nginx/after_answer.hpp"

namespace firstfin::nginx {

next_step after_answer(const answered& state, const nginx_conf::location_values& values) {
    if (state.input_ended) return next_step::close;
    // keepalive_min_timeout holds in a worker that ends, too: its client was promised as much.
    if (state.keeps_alive && values.keepalive_min_timeout.value.count() > 0) return next_step::keep;
    if (state.keeps_alive && !state.exiting && values.keepalive_timeout.value.count() > 0) return next_step::keep;
    switch (values.lingering_close.value) {
        case nginx_conf::lingering::always:
            return next_step::linger;
        case nginx_conf::lingering::on:
            return state.had_body || state.buffered > 0 || state.input_ready || state.was_pipelined ? next_step::linger
                                                                                                    : next_step::close;
        case nginx_conf::lingering::off:
            break;
    }
    return next_step::close;
}

}  // namespace firstfin::nginx
