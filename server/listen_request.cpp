#include "server/listen_request.hpp"

#include <fmt/format.h>

namespace firstfin {

std::optional<parse_error> apply(const field<server_policy>& setting, std::string_view text, server_policy& policy) {
    auto changed = policy;
    if (auto failed = setting.read(changed, text)) return failed;
    const bool moves_window = changed.keepalive_timeout != policy.keepalive_timeout;
    policy = moves_window ? with_keepalive_timeout(policy, changed.keepalive_timeout) : changed;
    return std::nullopt;
}

std::string in_words(const server_policy& policy) {
    std::string out;
    const server_policy usual;
    for (const auto& each : fields_of(policy)) {
        const auto value = each.write(policy);
        if (each.name != "keepalive_timeout" && value == each.write(usual)) continue;
        if (!out.empty()) out += ", ";
        out += fmt::format("{} {}", each.name, value);
    }
    return out;
}

}  // namespace firstfin
