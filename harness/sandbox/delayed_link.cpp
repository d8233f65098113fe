#include "harness/sandbox/delayed_link.hpp"

#include <fmt/format.h>

#include "harness/sandbox/tap_device.hpp"

namespace firstfin::sandbox {

namespace {

// For a relay that has not come round yet. The default of 500 does not last a busy machine's scheduling delay; this
// takes a pointer each.
constexpr std::uint32_t frames_waiting = 32'768;

}  // namespace

delayed_link::delayed_link(const network_namespace& server, const network_namespace& client, duration delay,
                           const pid_namespace* processes)
    : link(server, client),
      server_tap_(open_tap(server, interface_name, server_mac)),
      client_tap_(open_tap(client, interface_name, client_mac)) {
    bring_up(server, client);  // nothing to wait for: a TAP has its carrier before it is up
    for (auto* side : {&server_, &client_})
        side->control.set_queue_length(side->index, frames_waiting);
    relay_.emplace(server_tap_.get(), client_tap_.get(), delay, processes);
}

std::optional<std::string> delayed_link::trouble() {
    if (const auto how = relay_->ended()) return fmt::format("the relay of the delayed link ended: {}", to_text(*how));
    auto lost = relay_->lost();
    for (auto* side : {&server_, &client_})
        lost += side->control.dropped(side->index);
    if (lost != 0) return fmt::format("the delayed link lost {} frames", lost);
    return std::nullopt;
}

}  // namespace firstfin::sandbox
