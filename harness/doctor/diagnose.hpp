#pragma once

#include <string>
#include <vector>

#include "core/text_value.hpp"
#include "harness/doctor/facts.hpp"

namespace firstfin::doctor {

enum class status : std::uint8_t { ok, limited, missing };

/// What of firstfin this machine can do.
enum class ability : std::uint8_t {
    everything,
    limited,  ///< something is limited or missing, but experiments run
    nothing,
};

/// One question to the machine, and its answer.
struct check {
    std::string name;
    doctor::status status = status::ok;
    std::string found = {};   ///< what there is
    std::string cost = {};    ///< what cannot be done; empty when ok
    std::string remedy = {};  ///< what to type or change; empty when ok
    bool optional = false;    ///< firstfin does all of its own without it: does not count for the ability

    friend bool operator==(const check&, const check&) = default;
};

struct diagnosis {
    doctor::ability ability = ability::everything;
    std::string sandbox;  ///< the best there is: netns, userns, loopback or none
    std::vector<check> checks;
};

/// Pure: the same facts give the same words anywhere.
[[nodiscard]] diagnosis diagnose(const facts& of);

}  // namespace firstfin::doctor

namespace firstfin {
template <>
inline constexpr std::array names_of<doctor::status> = {enum_name<doctor::status>{doctor::status::ok, "ok"},
                                                        enum_name<doctor::status>{doctor::status::limited, "limited"},
                                                        enum_name<doctor::status>{doctor::status::missing, "missing"}};
template <>
inline constexpr std::array names_of<doctor::ability> = {
    enum_name<doctor::ability>{doctor::ability::everything, "everything"},
    enum_name<doctor::ability>{doctor::ability::limited, "limited"},
    enum_name<doctor::ability>{doctor::ability::nothing, "nothing"}};
}  // namespace firstfin
