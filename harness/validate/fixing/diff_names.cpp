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

/// Without symbolic links, which patch does not follow; nothing for what is not there.
std::optional<fs::path> real(const fs::path& path) {
    std::error_code failed;
    auto out = fs::canonical(path, failed);
    return failed ? std::nullopt : std::optional(std::move(out));
}

std::optional<std::string> below(const fs::path& folder, const std::string& typed) {
    const auto inside = [](const fs::path& path, const fs::path& base) -> std::optional<std::string> {
        const auto rest = path.lexically_relative(base);
        if (rest.empty() || leads_up(rest)) return std::nullopt;
        return without_dots(rest);
    };
    const auto path = folder / typed;
    const auto name = leads_up(path) ? std::nullopt : inside(path, folder);
    const auto place = real(path);
    const auto base = real(folder);
    if (!place || !base || (name && *base / *name == *place)) return name;
    return inside(*place, *base);
}

std::string absolute(const fs::path& folder, const std::string& typed) {
    const auto path = folder / typed;
    return without_dots(real(path).value_or(path).relative_path());
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
