#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "server/nginx/answers/moment.hpp"

namespace firstfin::nginx {

/// A variable, looked up once.
class variable {
public:
    /// Appends its value; false, and nothing appended, when it has none ("not found" to nginx).
    using writer = bool (*)(std::string& out, const moment& at, std::string_view argument);

    variable(writer write, std::string argument) : write_(write), argument_(std::move(argument)) {}
    bool append(std::string& out, const moment& at) const { return write_(out, at, argument_); }

private:
    writer write_;
    std::string argument_;
};

/// By its name without `$`; nothing when nobody here knows it.
[[nodiscard]] std::optional<variable> find_variable(std::string_view name);
/// Never has a value.
[[nodiscard]] variable empty_variable();
/// Whether nginx's own modules make it, though nobody does here ("upstream_addr").
[[nodiscard]] bool is_variable_of_nginx(std::string_view name);

}  // namespace firstfin::nginx
