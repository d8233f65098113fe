#pragma once
#include "harness/validate/hop.hpp"
namespace firstfin::validate {
[[nodiscard]] obstacle obstacle_at(const nginx_conf::http_settings& all, const place& from,
                                   const nginx_conf::upstream_settings* block);
}
