#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace firstfin::sandbox {

/// What `ask` finds out, asked in a forked child, so that whatever it tries leaves no trace here. A child that dies is
/// an answer too.
[[nodiscard]] std::optional<std::string> answer_of_child(std::string_view purpose,
                                                         const std::function<std::optional<std::string>()>& ask);

}  // namespace firstfin::sandbox
