#pragma once

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// The same configuration without what leaves traces outside of its connections: no logs, no pid file, in the
/// foreground, as the user it is. For experiments with a configuration that is somebody's own.
[[nodiscard]] nginx_conf::http_settings writing_nothing(nginx_conf::http_settings settings);

}  // namespace firstfin::nginx
