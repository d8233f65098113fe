#pragma once

#include "harness/sandbox/tap_device.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"

namespace firstfin::testing {

/// Skips, or fails where nothing may be skipped, without TAP interfaces. A test that calls it must look at IsSkipped().
inline void need_tap_interfaces() {
    static const auto missing = sandbox::missing_tap();
    if (!missing) return;
    if (std::getenv("FIRSTFIN_NOTHING_SKIPPED")) FAIL() << *missing;
    GTEST_SKIP() << *missing;
}

/// For tests that build delayed links.
class needs_delayed_links : public needs_namespaces {
protected:
    void SetUp() override {
        needs_namespaces::SetUp();
        if (!IsSkipped() && !HasFatalFailure()) need_tap_interfaces();
    }
};

}  // namespace firstfin::testing
