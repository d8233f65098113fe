#pragma once

#include <optional>
#include <string>

#include "harness/sandbox/network_namespace.hpp"
#include "harness/sandbox/rtnetlink.hpp"

namespace firstfin::sandbox {

/// An Ethernet interface in a namespace whose other end is this descriptor (TAP: IFF_TAP | IFF_NO_PI): one read takes
/// one frame the kernel has sent, one write hands it one frame, and neither blocks. The interface is down, has an MTU
/// of 1500, and is there for as long as any copy of the descriptor is open. Without an offer to take them over the
/// kernel computes checksums and cuts segments itself, before the frame is seen by anybody.
[[nodiscard]] unique_fd open_tap(const network_namespace& inside, const char* name, const rtnetlink::mac_address& mac);

/// Bytes of the largest frame: the MTU, and Ethernet's header with a VLAN tag.
inline constexpr std::size_t largest_frame = 1500 + 18;

/// What keeps this process from making such interfaces in a namespace of its own, and a remedy, as one sentence or two
/// for people. Nothing: it can. Needs the privilege to make network namespaces.
[[nodiscard]] std::optional<std::string> missing_tap();

}  // namespace firstfin::sandbox
