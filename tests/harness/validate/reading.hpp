#pragma once

#include <string>
#include <vector>

#include "harness/validate/question_words.hpp"
#include "harness/validate/validation.hpp"

namespace firstfin::test {

/// The profiles of the source tree.
const catalogue& all_profiles();

/// `text` as nginx.conf, with a main file's frame around it when it begins with none: events {} http { ... }.
validate::validation validated(const std::string& text, const std::vector<std::string>& options = {});
/// The same of the http block's contents, which begin on line 1.
validate::validation validated_http(const std::string& text, const std::vector<std::string>& options = {});

/// "rule:line:severity" of every finding, in order.
std::vector<std::string> found(const validate::validation& in);

}  // namespace firstfin::test
