#pragma once

#include "server/nginx_conf/configuration.hpp"

namespace firstfin::nginx_conf {

/// Files, texts, tree and the messages about syntax and includes; nothing is checked yet.
[[nodiscard]] configuration read_tree(const std::string& path, const std::string& prefix,
                                      const reading_options& options);

}  // namespace firstfin::nginx_conf
