#include "server/nginx/answers/keep_alive_flag.hpp"

#include "server/http_request/known_browsers.hpp"

namespace firstfin::nginx {

bool location_keeps_alive(const nginx_conf::location_values& values, const exchange& what, http_request::method verb) {
    if (values.keepalive_timeout.value.count() == 0) return false;
    if (what.connection.requests >= static_cast<std::uint64_t>(values.keepalive_requests.value)) return false;
    const auto& limit = values.keepalive_time.value;
    if (!limit.is_never() && what.clock.now() - what.connection.accepted > limit.value()) return false;
    const auto& disabled = values.keepalive_disable.value;
    const auto agent = what.request.user_agent;
    if (disabled.msie6 && verb == http_request::method::post && http_request::is_old_msie(agent)) return false;
    return !(disabled.safari && http_request::is_mac_safari(agent));
}

bool status_keeps_alive(int status) {
    switch (status) {
        case 400:
        case 413:
        case 414:
        case 495:
        case 496:
        case 497:
        case 500:
        case 501:
            return false;
        default:
            return true;
    }
}

}  // namespace firstfin::nginx
