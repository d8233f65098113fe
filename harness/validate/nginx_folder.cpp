#include "harness/validate/nginx_folder.hpp"

#include <system_error>

namespace firstfin::validate {

std::optional<std::filesystem::path> nginx_folder(const std::filesystem::path& folder) {
    constexpr int levels = 3;
    std::error_code failed;
    const auto here = std::filesystem::current_path(failed);
    if (failed && folder.is_relative()) return std::nullopt;
    auto at = (here / folder / "x").lexically_normal().parent_path();
    for (int i = 0; i < levels; ++i, at = at.parent_path())
        if (std::filesystem::exists(at / "nginx.conf", failed)) return at;
    return std::nullopt;
}

}  // namespace firstfin::validate
