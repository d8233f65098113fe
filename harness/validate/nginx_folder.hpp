#pragma once

#include <filesystem>
#include <optional>

namespace firstfin::validate {

/// Where nginx would be started for a file of `folder`: the nearest folder with an nginx.conf among it and the two
/// above it (conf.d/site/part; further up, an nginx.conf has nothing to do with it). Absolute and normal.
[[nodiscard]] std::optional<std::filesystem::path> nginx_folder(const std::filesystem::path& folder);

}  // namespace firstfin::validate
