#pragma once

#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx_conf {

/// Adds what nginx of this version would say about contexts, counts and values. Unknown directives become notes, and
/// their blocks are not looked into.
void check(configuration& read, const nginx_version& version);

}  // namespace firstfin::nginx_conf
