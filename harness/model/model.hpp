#pragma once

#include <array>
#include <optional>
#include <string>

#include "core/client_policy.hpp"
#include "core/scenario.hpp"
#include "core/server_policy.hpp"
#include "harness/verdict/verdict.hpp"

namespace firstfin::model {

/// Who is expected to end the connection. Undecided: the windows overlap, a draw or a race decides.
enum class closer : std::uint8_t { server, client, undecided, nobody };

}  // namespace firstfin::model

namespace firstfin {
template <>
inline constexpr std::array names_of<model::closer> = {enum_name<model::closer>{model::closer::server, "server"},
                                                       enum_name<model::closer>{model::closer::client, "client"},
                                                       enum_name<model::closer>{model::closer::undecided, "undecided"},
                                                       enum_name<model::closer>{model::closer::nobody, "nobody"}};
}  // namespace firstfin

namespace firstfin::model {

/// One pair at one time scale.
struct pair {
    server_policy server;
    client_policy client;
    firstfin::scenario scenario;
    double time_scale = 1;                            ///< already applied to the three above; here for the hint
    duration link_delay{};                            ///< one way: no scale reaches it either
    bool programs = false;                            ///< real ones, whose quickness nobody knows
    std::optional<time_window> server_told_to_end{};  ///< a reload or a graceful end, which close what is idle then
    duration fin_timeout = std::chrono::seconds(60);  ///< net.ipv4.tcp_fin_timeout at the server: no scale reaches it
};

struct prediction {
    closer first = closer::nobody;
    party first_fin = party::none;  ///< none also for a RST, and while undecided
    party reset = party::none;
    party time_wait = party::none;
    std::optional<firstfin::ending> ending;  ///< nothing while undecided
    std::optional<time_window> moment;       ///< first FIN or RST, from the last response byte (or the handshake)
    duration quiet_from{};                   ///< start to that last response byte
    std::uint32_t requests = 0;              ///< answered by then
    std::optional<duration> margin;          ///< what decides between the two sides' limits; zero when they overlap
    bool points = true;                      ///< the limits could only tie, never overlap: moments, and no crossing
    std::string why;                         ///< in a sentence

    /// Start to the latest expected end; nothing when nobody ends it.
    [[nodiscard]] std::optional<duration> life() const {
        if (!moment) return std::nullopt;
        return quiet_from + moment->latest;
    }
};

/// What two policies do to each other, without running anything. Knows nothing of scheduling, and of the network only
/// how long a segment is on its way: FINs that may cross leave it undecided.
[[nodiscard]] prediction predict(const pair& two);

}  // namespace firstfin::model
