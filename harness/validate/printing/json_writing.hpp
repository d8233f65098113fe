#pragma once

#include <boost/json/value.hpp>
#include <string>

namespace firstfin::validate::printing {

/// JSON for programs that people read, too: indented, lists of plain values on one line, numbers without exponents as
/// far as they are reasonable ("60.0", not "6E1"), control characters escaped, line ended.
[[nodiscard]] std::string written(const boost::json::value& what);

}  // namespace firstfin::validate::printing
