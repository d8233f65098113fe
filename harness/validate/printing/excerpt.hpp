#pragma once

#include <cstddef>
#include <string>

#include "harness/validate/printing/places.hpp"

namespace firstfin::validate::printing {

/// The source line of a place with carets under its word, two lines of at most `width` columns (not below 32); what is
/// longer is cut around the word. Nothing for a place that is not in the text.
[[nodiscard]] std::string excerpt(nginx_conf::position where, const source_places& places, std::size_t width);

}  // namespace firstfin::validate::printing
