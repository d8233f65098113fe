#include "harness/validate/upstream_connection.hpp"

namespace firstfin::validate {

obstacle obstacle_at(const nginx_conf::http_settings& all, const place& from,
                     const nginx_conf::upstream_settings* block) {
    if (from.location->pass->value.has_variables) return obstacle::unknown;
    if (block == nullptr) return obstacle::implicit;
    if (block->keepalive_lost) return obstacle::pool_lost;
    if (block->keepalive.value == 0) return obstacle::no_pool;
    if (from.values().proxy_http_version.value == "1.0") return obstacle::http_1_0;
    if (nginx_conf::connection_to_upstream(from.values(), all.version) == "close") return obstacle::connection_close;
    return obstacle::none;
}

}  // namespace firstfin::validate
