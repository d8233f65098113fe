#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/profile.hpp"
#include "harness/experiment/experiment.hpp"

// What a profile claims is put to the program itself: as an experiment, and as a comparison of its results.

namespace firstfin::profile_check {

/// The hint that clients are sent, and the limit that servers are told which have none of their own.
inline constexpr duration hint = std::chrono::seconds(20);
inline constexpr duration told_limit = std::chrono::seconds(10);
/// The limit of the server whose FIN a client is to notice.
inline constexpr duration short_limit = std::chrono::seconds(2);
/// How long a client without a limit of its own is watched.
inline constexpr duration watched = std::chrono::seconds(60);

/// The adapter whose program this profile describes; nothing: there is none.
[[nodiscard]] std::optional<std::string_view> subject_of(const profile& claimed);

/// The experiment that asks it. A server is asked by a client that never closes. A client is asked three times: by a
/// server that never closes, without and with a hint, and by one that soon does.
[[nodiscard]] experiment::experiment questions(const profile& claimed, std::string_view subject,
                                               std::uint32_t replicates);

/// How long after its longest limit nobody closes any more.
[[nodiscard]] duration observed(const profile& claimed);

}  // namespace firstfin::profile_check
