#include "server/nginx/answers/answer.hpp"

namespace firstfin::nginx {

void answer::clear() {
    what = kind::normal;
    status = 0;
    bytes.clear();
    head_size = 0;
    rest.clear();
    keeps_alive = says_keep_alive = resets = lingers = sends_continue = ends_before_body = ends_at_once = false;
    rate = 0;
    values = nullptr;
    location = nullptr;
    server = 0;
    uri.clear();
    redirected_args.clear();
    unsent_head.clear();
    args_changed = has_args = became_get = false;
}

}  // namespace firstfin::nginx
