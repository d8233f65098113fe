#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "harness/validate/annotations.hpp"

namespace firstfin::validate {

/// What one comment says, without its place. `at` counts bytes from the comment's "#".
struct comment_part {
    annotation_kind kind{};
    std::string what{};
    std::string reason{};
    std::size_t at = 0;
};
struct comment_error {
    std::string text;
    std::size_t at = 0;
};
struct comment_reading {
    std::vector<comment_part> parts;
    std::vector<comment_error> errors;
};

/// `comment` begins with its "#". A comment that does not speak to this tool has neither parts nor errors.
[[nodiscard]] comment_reading read_comment(std::string_view comment);

}  // namespace firstfin::validate
