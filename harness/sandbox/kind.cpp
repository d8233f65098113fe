#include "harness/sandbox/kind.hpp"

#include <fmt/format.h>

#include "harness/sandbox/privilege.hpp"

namespace firstfin::sandbox {

namespace {

constexpr auto loopback_words =
    "--sandbox loopback: needs no privilege, but has two witnesses instead of three (no capture), and no sysctls";

}  // namespace

kind choose_sandbox(std::optional<kind> asked) {
    if (asked == kind::loopback) {
        if (const auto missing = missing_loopback()) throw environment_lacks(*missing);
        return kind::loopback;
    }
    std::string why;
    if (asked != kind::userns) {
        const auto missing = missing_privilege();
        if (!missing) return kind::netns;
        why = fmt::format("--sandbox netns: {}{}\n", *missing,
                          asked == kind::netns ? "; without root: --sandbox userns" : "");
    }
    if (asked != kind::netns) {
        const auto missing = missing_user_namespace();
        if (!missing) return kind::userns;
        why += fmt::format("--sandbox userns: {}\n", *missing);
    }
    throw environment_lacks(why + loopback_words);
}

}  // namespace firstfin::sandbox
