#pragma once

#include <string>
#include <vector>

#include "harness/validate/validation.hpp"

namespace firstfin::validate::printing {

/// A line of the table of hops, in words.
struct row_words {
    std::string hop;  ///< "a.org:80, and 12 more"
    std::string peer;
    std::string first;      ///< nginx, the peer, either, nobody, unknown
    std::string when;       ///< "75s", "115s..125s", "at once"
    std::string time_wait;  ///< "nginx", "nginx, 30 to 30,000"
    std::string lost;
    std::string says;  ///< why it is unknown
};

/// The table with alike lines of different hops in one, in the order of their first.
[[nodiscard]] std::vector<row_words> rows_of(const validation& of);

/// "nginx" or "peer": who a closer of this hop is.
[[nodiscard]] std::string_view side_of(model::closer who, bool inward);

}  // namespace firstfin::validate::printing
