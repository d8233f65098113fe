#pragma once

#include <optional>

#include "core/duration.hpp"
#include "harness/sandbox/link.hpp"
#include "harness/sandbox/relay.hpp"

namespace firstfin::sandbox {

/// A cable so long that a frame needs `delay` from one end to the other, the same in both directions: a TAP interface
/// in each namespace, and a relay between them. Nothing is lost or overtaken. It needs no kernel module but tun: netem,
/// the kernel's own way to delay, is not in every kernel.
///
/// TAP and not TUN: with Ethernet frames everything else stays as it is on a veth, the capture and its file too.
class delayed_link : public link {
public:
    /// The relay lives in `processes` where given.
    delayed_link(const network_namespace& server, const network_namespace& client, duration delay,
                 const pid_namespace* processes);

    [[nodiscard]] std::optional<std::string> trouble() override;
    [[nodiscard]] pid_t relay_pid() const noexcept { return relay_->pid(); }

private:
    // Kept open here as well: should the relay die, the link is cut, but the interfaces and what watches them stay.
    unique_fd server_tap_;
    unique_fd client_tap_;
    std::optional<relay> relay_;
};

}  // namespace firstfin::sandbox
