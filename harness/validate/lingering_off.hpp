#pragma once

#include "harness/validate/hop.hpp"

namespace firstfin::validate {

/// The one combination in which lingering_close off by itself turns an ordinary answer into a RST: the upstream may
/// answer while the body is still being passed through.
[[nodiscard]] inline bool answers_early(const place& one) {
    return one.values().lingering_close.value == nginx_conf::lingering::off &&
           !one.values().proxy_request_buffering.value && one.location->pass_kind == "proxy_pass";
}

}  // namespace firstfin::validate
