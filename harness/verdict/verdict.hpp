#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/text_value.hpp"
#include "harness/witness/timeline.hpp"

namespace firstfin {

/// Which side, where both and neither are answers too.
enum class party : std::uint8_t { none, server, client, both };
template <>
inline constexpr std::array names_of<party> = {
    enum_name<party>{party::none, "none"}, enum_name<party>{party::server, "server"},
    enum_name<party>{party::client, "client"}, enum_name<party>{party::both, "both"}};

[[nodiscard]] constexpr party party_of(side one) {
    return one == side::server ? party::server : party::client;
}

enum class ending : std::uint8_t {
    orderly,
    simultaneous,
    reset,
    half_closed,  ///< one side never closed
    open,         ///< nobody closed
};
template <>
inline constexpr std::array names_of<ending> = {
    enum_name<ending>{ending::orderly, "orderly"}, enum_name<ending>{ending::simultaneous, "simultaneous"},
    enum_name<ending>{ending::reset, "reset"}, enum_name<ending>{ending::half_closed, "half_closed"},
    enum_name<ending>{ending::open, "open"}};

enum class witness_kind : std::uint8_t { wire, sockets, subjects };
template <>
inline constexpr std::array names_of<witness_kind> = {enum_name<witness_kind>{witness_kind::wire, "wire"},
                                                      enum_name<witness_kind>{witness_kind::sockets, "sockets"},
                                                      enum_name<witness_kind>{witness_kind::subjects, "subjects"}};

/// A statement of one witness about the first FIN.
struct evidence {
    witness_kind from{};
    bool strong = false;
    std::uint8_t possible = 0;  ///< set of `party` values it leaves possible, bit 1 << party
    std::string text;

    [[nodiscard]] bool allows(party one) const { return (possible >> static_cast<unsigned>(one) & 1U) != 0; }
};

struct request_count {
    std::uint32_t sent = 0;
    std::uint32_t answered = 0;
    std::uint32_t stale_reuse = 0;  ///< lost although the server's FIN had been acknowledged: avoidable
    std::uint32_t true_race = 0;    ///< lost while the server's FIN was on its way: unavoidable

    friend bool operator==(const request_count&, const request_count&) = default;
};

struct verdict {
    party first_fin = party::none;
    party reset = party::none;
    bool reset_destroyed_request = false;
    party time_wait = party::none;
    firstfin::ending ending = firstfin::ending::open;
    std::optional<duration> idle_at_close;
    request_count requests;
    std::vector<evidence> statements;
    std::string conflict;  ///< the contradiction in words; empty: none
    std::string invalid;   ///< why the instrument failed; empty: valid
};

/// What a timeline says. Pure: the same timeline gives the same verdict anywhere.
[[nodiscard]] verdict judge(const witness::timeline& seen);

}  // namespace firstfin
