#include "harness/validate/fixing/diff_names.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace firstfin::validate::fixing {

namespace {

namespace fs = std::filesystem;

/// patch and git refuse names that lead upwards, and git those with "." in them.
bool leads_up(const fs::path& path) {
    return std::ranges::find(path, fs::path("..")) != path.end();
}

std::string without_dots(const fs::path& path) {
    fs::path out;
    for (const auto& part : path)
        if (part != "." && !part.empty()) out /= part;
    return out.string();
}

std::optional<std::string> below(const fs::path& folder, const std::string& typed) {
    const fs::path path(typed);
    if (path.is_relative()) return leads_up(path) ? std::nullopt : std::optional(without_dots(path));
    const auto rest = path.lexically_relative(folder);
    if (leads_up(path) || folder.empty() || rest.empty() || leads_up(rest)) return std::nullopt;
    return without_dots(rest);
}

std::string absolute(const fs::path& folder, const std::string& typed) {
    auto path = folder / typed;
    // ".." behind a symbolic link is not what the text says: ask the file system.
    std::error_code failed;
    const auto place = fs::canonical(path.parent_path(), failed);
    if (!failed && leads_up(path)) path = place / path.filename();
    return without_dots(path.relative_path());
}

}  // namespace

diff_names names_in_diff(const std::vector<std::string>& paths) {
    std::error_code failed;
    const auto here = fs::current_path(failed);
    diff_names out;
    for (const auto& path : paths) {
        auto name = below(here, path);
        if (!name) {
            out.folder = "/";
            break;
        }
        out.names.push_back(*std::move(name));
    }
    if (out.folder.empty()) return out;
    out.names.clear();
    for (const auto& path : paths)
        out.names.push_back(absolute(here, path));
    return out;
}

}  // namespace firstfin::validate::fixing
