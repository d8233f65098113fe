#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/scenario.hpp"

namespace firstfin::client {

enum class after_request { keep_alive, close };

/// The bytes of one request. Methods that normally carry content say that this one has none (RFC 9110 8.6).
[[nodiscard]] std::string request_text(const scenario& what, std::string_view host, after_request wish);

/// Why a scenario could not be put on the wire as HTTP, or as raw bytes.
[[nodiscard]] std::optional<parse_error> why_unsendable(const scenario& what);

}  // namespace firstfin::client
