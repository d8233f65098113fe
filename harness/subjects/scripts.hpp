#pragma once

#include <string_view>

namespace firstfin::subjects {

/// The text of a file of clients/scripts/ or servers/scripts/, taken into the program when it was built:
/// "clients/scripts/wrk.lua". Throws std::logic_error when there is none.
[[nodiscard]] std::string_view script(std::string_view path);

}  // namespace firstfin::subjects
