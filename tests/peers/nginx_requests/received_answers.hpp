#pragma once

#include <string_view>
#include <vector>

#include "tests/peers/nginx_requests/answer.hpp"

namespace firstfin::test {

/// The answers in what nginx sent. Throws where they do not read like its answers.
[[nodiscard]] std::vector<answer> received_answers(std::string_view sent);

}  // namespace firstfin::test
