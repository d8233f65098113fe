#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/client_policy.hpp"
#include "core/server_policy.hpp"

namespace firstfin {

/// Where real software stands. Balancers and proxies have two sides, each a role of its own.
enum class profile_role { client, lb_upstream, lb_downstream, server };
template <>
inline constexpr std::array names_of<profile_role> = {
    enum_name<profile_role>{profile_role::client, "client"},
    enum_name<profile_role>{profile_role::lb_upstream, "lb-upstream"},
    enum_name<profile_role>{profile_role::lb_downstream, "lb-downstream"},
    enum_name<profile_role>{profile_role::server, "server"}};

/// A named policy of real software, with the source it rests on. Exactly one of the two policies is present.
struct profile {
    std::string id;
    std::string name;
    profile_role role{};
    std::optional<client_policy> client;  ///< roles client and lb-upstream
    std::optional<server_policy> server;  ///< roles server and lb-downstream
    int layer = 7;                        ///< 4: forwards segments, and never ends a connection by itself
    bool needs_timeout = false;           ///< the software has no built-in limit: one must be given
    std::string checked_version;
    std::string source;
    std::string confidence;
    bool retry_is_known = false;  ///< otherwise the policy's `none` is only what can be relied on
    std::string retry_stale;
    std::string measured;
    std::vector<duration> measured_closes;  ///< by the client itself, each another process, with its own limit
    std::string measured_conditions;        ///< of those
    std::string note;
};

/// All profiles of a folder of TOML files.
class catalogue {
public:
    /// Reads every *.toml of `folder`. Throws bad_input naming file, line and column.
    [[nodiscard]] static catalogue load(const std::filesystem::path& folder);
    /// experiments/profiles beside the source tree or the installed program, whichever exists.
    /// Throws environment_lacks when neither does.
    [[nodiscard]] static catalogue load_installed();

    [[nodiscard]] const std::vector<profile>& all() const { return profiles_; }
    /// `id` whole, or a family name by position: aws-alb as a client is aws-alb-upstream, as a server
    /// aws-alb-downstream. Throws bad_input with the nearest names.
    [[nodiscard]] const profile& client(std::string_view id) const;
    [[nodiscard]] const profile& server(std::string_view id) const;

private:
    [[nodiscard]] const profile& find(std::string_view id, std::string_view suffix, bool as_client) const;
    std::vector<profile> profiles_;
};

/// The folder that holds the committed experiments, for programs that run from the build tree or from an installation.
[[nodiscard]] std::filesystem::path experiments_folder();

}  // namespace firstfin
