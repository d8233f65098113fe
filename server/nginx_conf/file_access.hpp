#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/parse_error.hpp"

namespace firstfin::nginx_conf {

/// How a reading reaches files: the disk, or texts in memory (tests, fuzzing).
struct file_access {
    /// The whole text; the error says what was tried and what the system answered, as nginx does.
    std::function<result<std::string>(const std::string& path)> read;
    /// Paths that match, sorted by their bytes; none is no error.
    std::function<std::vector<std::string>(const std::string& pattern)> glob;
};

[[nodiscard]] file_access files_on_disk();
[[nodiscard]] file_access files_in_memory(std::map<std::string, std::string> texts);

}  // namespace firstfin::nginx_conf
