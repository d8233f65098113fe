#include "tests/peers/nginx/comparison.hpp"

#include <gtest/gtest.h>

namespace firstfin::testing {
namespace {}  // namespace
}  // namespace firstfin::testing
