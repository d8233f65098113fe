#pragma once

#include <vector>

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx_conf {

/// Which of the addresses listened on get a socket of their own: nginx binds "*:80" alone where "1.2.3.4:80" is
/// listened on too, and tells its connections apart by their own end (ngx_http_init_listening). Indexes into `listens`.
[[nodiscard]] std::vector<std::size_t> bound_listens(const std::vector<listen_socket>& listens);

}  // namespace firstfin::nginx_conf
