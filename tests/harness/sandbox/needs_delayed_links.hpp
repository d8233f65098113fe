#pragma once

#include "harness/sandbox/tap_device.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {

/// The same for tests that need TAP interfaces as well.
class needs_delayed_links : public needs_namespaces {
protected:
    void SetUp() override {
        needs_namespaces::SetUp();
        if (IsSkipped() || HasFatalFailure()) return;
        static const auto missing = sandbox::missing_tap();
        if (!missing) return;
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << *missing;
        GTEST_SKIP() << *missing;
    }
};

}  // namespace firstfin::testing
