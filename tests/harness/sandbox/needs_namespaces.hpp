#pragma once

#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/sandbox/privilege.hpp"

namespace firstfin::testing {

/// For tests that build namespaces: skipped, saying what is missing, where that cannot be done. With
/// FIRSTFIN_NOTHING_SKIPPED in the environment it is a failure instead, so that a CI machine cannot quietly test
/// nothing.
class needs_namespaces : public ::testing::Test {
protected:
    void SetUp() override {
        static const auto missing = sandbox::missing_privilege();
        if (!missing) return;
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << *missing;
        GTEST_SKIP() << *missing;
    }
};

}  // namespace firstfin::testing
