#pragma once

#include <array>
#include <optional>

#include "core/text_value.hpp"

namespace firstfin::sandbox {

/// Where a run's connections live.
enum class kind : std::uint8_t {
    netns,     ///< network namespaces, as root
    userns,    ///< the same without root: inside a user namespace of our own
    loopback,  ///< no privilege: addresses of 127/8 in the network at hand, without a capture and without sysctls
};

/// The kind to use: the one asked for, or, with nothing asked, the first of netns and userns that works here. Never
/// loopback by itself: its evidence is weaker, so somebody must have wanted it. Throws environment_lacks with the
/// reason and the remedy.
[[nodiscard]] kind choose_sandbox(std::optional<kind> asked);

}  // namespace firstfin::sandbox

namespace firstfin {
template <>
inline constexpr std::array names_of<sandbox::kind> = {enum_name<sandbox::kind>{sandbox::kind::netns, "netns"},
                                                       enum_name<sandbox::kind>{sandbox::kind::userns, "userns"},
                                                       enum_name<sandbox::kind>{sandbox::kind::loopback, "loopback"}};
}  // namespace firstfin
