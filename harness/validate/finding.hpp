#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "core/text_value.hpp"
#include "server/nginx_conf/position.hpp"

namespace firstfin::validate {

/// note: worth knowing; warning: will cost something; error: requests are lost.
enum class severity : std::uint8_t { note, warning, error };

}  // namespace firstfin::validate

namespace firstfin {
template <>
inline constexpr std::array names_of<validate::severity> = {
    enum_name<validate::severity>{validate::severity::note, "note"},
    enum_name<validate::severity>{validate::severity::warning, "warning"},
    enum_name<validate::severity>{validate::severity::error, "error"}};
}  // namespace firstfin

namespace firstfin::validate {

/// A change of the configuration that is safe to make without looking: one line.
struct change {
    enum class kind : std::uint8_t {
        replace,  ///< the directive at `at`, from its name to its last argument
        insert,   ///< a line of its own, first in the block whose name stands at `at`
    };
    kind what = kind::replace;
    nginx_conf::position at;
    std::string directive;  ///< without the semicolon: "keepalive_timeout 65s"
};

struct finding {
    std::string rule{};  ///< its id
    severity level = severity::warning;
    nginx_conf::position where{};          ///< of the directive (or block) that decides
    std::string text{};                    ///< what will happen, with both numbers, in a sentence or two
    std::string advice{};                  ///< what to change, with the value
    std::optional<change> safe_fix{};      ///< the same for a machine
    std::vector<std::string> hops{};       ///< by name
    std::vector<std::string> peers{};      ///< by id
    std::string confidence{};              ///< of the profile it rests on; empty: it rests on nginx alone
    std::optional<std::string> ignored{};  ///< the reason somebody gave in the configuration
};

/// A rule that had too little to go on.
struct unjudged {
    std::string rule{};
    std::string needs;  ///< "--rate"
};

}  // namespace firstfin::validate
