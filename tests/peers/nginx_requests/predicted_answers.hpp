#pragma once

#include <string_view>
#include <vector>

#include "server/http_request/request_rules.hpp"
#include "tests/peers/nginx_requests/answer.hpp"

namespace firstfin::test {

/// One server of the nginx under test.
struct tried_server {
    http_request::request_rules rules;
    bool disables_safari = false;  ///< keepalive_disable safari instead of msie6
};

/// What nginx has to say to these bytes, if our parser is right: its answers in order, until it ends the connection or
/// the bytes are used up.
[[nodiscard]] std::vector<answer> predicted_answers(std::string_view bytes, const tried_server& server);

}  // namespace firstfin::test
