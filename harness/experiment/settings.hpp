#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/profile.hpp"
#include "core/scenario.hpp"
#include "harness/experiment/nginx_server.hpp"

namespace firstfin::experiment {

enum class ip_family { ipv4, ipv6 };

/// The kernel repeats a SYN after a second without an answer (RFC 6298, 2): a round trip must stay below that.
inline constexpr duration longest_link_delay = std::chrono::milliseconds(400);

/// "server.keepalive_timeout" = "65s", and where that was written.
struct assignment {
    std::string key;
    std::string text;
    std::string where;  ///< "file:line:column: " or "--set: "
};

/// An external program that plays a side.
struct program_choice {
    std::string id;                              ///< of harness/subjects; empty: the built-in one plays
    std::map<std::string, std::string> told;     ///< settings that a person chose, as canonical text
    std::map<std::string, std::string> options;  ///< of a program that an experiment names itself: command, template

    explicit operator bool() const { return !id.empty(); }
    friend auto operator<=>(const program_choice&, const program_choice&) = default;
};

/// What a server program is told while it runs, as its manual has it for operators.
enum class server_signal { none, reload, quit };

/// When, from the start of its stage.
struct server_action {
    server_signal what = server_signal::none;
    duration after{};

    explicit operator bool() const { return what != server_signal::none; }
    friend auto operator<=>(const server_action&, const server_action&) = default;
};

/// Everything that makes a cell: both policies, the scenario, the link and the sysctls.
struct settings {
    std::string server_profile;
    std::string client_profile;
    std::string server_config;  ///< path of an nginx configuration as typed; empty: the policies below make the server
    std::string nginx_version;
    std::optional<nginx_server> nginx;  ///< what that configuration says; `server` is then what it means
    server_policy server;               ///< of a program: what it is expected to do
    client_policy client;
    program_choice server_program;
    program_choice client_program;
    server_action action;                                   ///< of a server program or an nginx configuration
    duration browser_age{};                                 ///< from the client program's start to its first request
    std::map<std::string, std::string> client_preferences;  ///< of a browser; "default": its own value
    firstfin::scenario scenario;
    ip_family family = ip_family::ipv4;
    /// One way, in each direction; nothing: never mentioned, so that a file without it has the cells it always had.
    std::optional<duration> link_delay;
    std::map<std::string, std::string> server_sysctls;
    std::map<std::string, std::string> client_sysctls;
    std::string skew;  ///< server limit minus client limit, as written; empty: not used
};

/// Applies all assignments: profiles first, then idle limits, then the rest, then the skew, so that the order in which
/// a person wrote them does not matter. `folder` is where a relative server.config starts. Throws bad_input with the
/// position and what was expected.
[[nodiscard]] settings resolve(const std::vector<assignment>& assignments, const catalogue& profiles,
                               const std::filesystem::path& folder = {});

/// Throws bad_input when `key` is no setting of a cell.
void check_key(const assignment& one);

/// Parameters that a cell may have whose server is an nginx configuration.
namespace nginx_key {
inline constexpr std::string_view config = "server.config";
inline constexpr std::string_view version = "server.nginx_version";
inline constexpr std::string_view digest = "server.config_digest";  ///< follows from the other two
[[nodiscard]] constexpr bool is_one(std::string_view key) {
    return key == config || key == version || key == digest || key == "server.signal" || key == "server.signal_after";
}
}  // namespace nginx_key

/// Visits every parameter as canonical text, sorted by name: what a cell's id is the hash of, apart from a
/// server.config, which counts by its digest.
void for_each_canonical(const settings& value, const std::function<void(std::string_view, const std::string&)>& visit);
[[nodiscard]] std::vector<std::pair<std::string, std::string>> canonical(const settings& value);

/// Both sides are external programs, or one is.
[[nodiscard]] inline bool has_program(const settings& value) {
    return value.server_program || value.client_program;
}

/// `text` as it will appear in canonical() under `key`: "0.065ks" has no second spelling anywhere.
[[nodiscard]] std::string canonical_text(const assignment& one);

}  // namespace firstfin::experiment

namespace firstfin {
template <>
inline constexpr std::array names_of<experiment::ip_family> = {
    enum_name<experiment::ip_family>{experiment::ip_family::ipv4, "ipv4"},
    enum_name<experiment::ip_family>{experiment::ip_family::ipv6, "ipv6"}};
template <>
inline constexpr std::array names_of<experiment::server_signal> = {
    enum_name<experiment::server_signal>{experiment::server_signal::none, "none"},
    enum_name<experiment::server_signal>{experiment::server_signal::reload, "reload"},
    enum_name<experiment::server_signal>{experiment::server_signal::quit, "quit"}};
}  // namespace firstfin
