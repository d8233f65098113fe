#include "harness/subjects/find_program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "core/parse_error.hpp"

namespace firstfin::subjects {

namespace fs = std::filesystem;

namespace {

bool is_program(const fs::path& candidate) {
    return candidate.is_absolute() && ::access(candidate.c_str(), X_OK) == 0 && !fs::is_directory(candidate);
}

}  // namespace

std::optional<std::string> find_in_path(std::string_view name) {
    if (name.starts_with('/')) return is_program(name) ? std::optional(std::string(name)) : std::nullopt;
    const char* path = std::getenv("PATH");
    std::string folders = path == nullptr ? "" : path;
    folders += ":/usr/local/sbin:/usr/sbin:/sbin";
    for (std::size_t from = 0; from <= folders.size();) {
        const auto to = std::min(folders.find(':', from), folders.size());
        const auto candidate = fs::path(folders.substr(from, to - from)) / name;
        if (to != from && is_program(candidate)) return candidate.string();
        from = to + 1;
    }
    return std::nullopt;
}

std::optional<std::string> find_program(const installation& of) {
    for (const auto name : of.programs)
        if (auto found = find_in_path(name)) return found;
    return std::nullopt;
}

std::string find_command(const std::string& word, std::string_view whose) {
    const bool is_file = word.find('/') != std::string::npos;
    if (auto found = find_in_path(is_file ? fs::absolute(word).string() : word)) return *std::move(found);
    throw bad_input(fmt::format("the {}'s command starts with '{}', which is not a program {}", whose, word,
                                is_file ? "that can be executed" : "in PATH"));
}

std::string remedy(const installation& of) {
    return fmt::format("install it: apt-get install --no-install-recommends {}", fmt::join(of.packages, " "));
}

}  // namespace firstfin::subjects
