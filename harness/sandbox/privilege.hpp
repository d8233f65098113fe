#pragma once

#include <cstdint>
#include <optional>
#include <string>

// What each kind of sandbox takes, and what helps where it is missing. Nothing: that kind works here. Otherwise what
// failed and a remedy, as one sentence or two for people.

namespace firstfin::sandbox {

/// For netns. Found by building a small stage in a forked child, because uid, capabilities, seccomp, AppArmor and
/// missing kernel modules all have a say.
[[nodiscard]] std::optional<std::string> missing_privilege();

/// For userns: the same, inside a user namespace made for the attempt.
[[nodiscard]] std::optional<std::string> missing_user_namespace();

/// For loopback: an interface that is up, and socket tables that can be read.
[[nodiscard]] std::optional<std::string> missing_loopback();

/// What decides whether a user may make user namespaces, and how far an attempt came: from these the remedy.
struct user_namespace_facts {
    enum class step : std::uint8_t { make, map_user, mount_proc, build_stage };

    step failed_at = step::make;
    int error = 0;
    std::optional<std::uint64_t> max_user_namespaces;   ///< user.max_user_namespaces
    std::optional<std::uint64_t> unprivileged_clone;    ///< kernel.unprivileged_userns_clone, Debian's and old Ubuntu's
    std::optional<std::uint64_t> apparmor_restriction;  ///< kernel.apparmor_restrict_unprivileged_userns, Ubuntu's
    bool seccomp_filter = false;                        ///< as in most containers
};
[[nodiscard]] std::string user_namespace_remedy(const user_namespace_facts& facts);

}  // namespace firstfin::sandbox
