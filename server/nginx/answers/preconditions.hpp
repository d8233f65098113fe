#pragma once

#include <cstdint>
#include <ctime>
#include <string_view>

#include "server/http_request/request.hpp"

namespace firstfin::nginx {

/// What a 200 is about to be sent with.
struct validators {
    std::time_t last_modified = -1;  ///< -1: none
    std::string_view etag;           ///< with its quotes; empty: none
};

enum class precondition : std::uint8_t { send, not_modified, failed };

/// ngx_http_not_modified_filter, for if_modified_since exact.
[[nodiscard]] precondition check_preconditions(const http_request::header_list& headers, const validators& of);

/// Whether If-Range, if there is any, lets Range count.
[[nodiscard]] bool range_counts(const http_request::header_list& headers, const validators& of);

}  // namespace firstfin::nginx
