#pragma once

#include <string>
#include <string_view>

namespace firstfin::test {

/// Compares the whole text with tests/support/golden/NAME. With FIRSTFIN_REFRESH_GOLDEN=1 in the environment the
/// file is written instead, and the test fails so that nobody forgets to read the diff.
void expect_golden(std::string_view name, const std::string& text);

}  // namespace firstfin::test
