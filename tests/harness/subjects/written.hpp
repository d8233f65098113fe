#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "harness/subjects/subject.hpp"

namespace firstfin::test {

/// Puts a launch's files and folders where it expects them.
inline void write_scratch(const subjects::launch& of, const std::filesystem::path& folder) {
    std::filesystem::create_directory(folder / "tmp");  // a run's is there, too
    for (const auto& name : of.folders)
        std::filesystem::create_directory(folder / name);
    for (const auto& file : of.files) {
        std::ofstream(folder / file.name) << file.text;
        if (file.executable)
            std::filesystem::permissions(folder / file.name, std::filesystem::perms::owner_exec,
                                         std::filesystem::perm_options::add);
    }
}

}  // namespace firstfin::test
