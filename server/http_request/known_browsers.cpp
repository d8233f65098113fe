#include "server/http_request/known_browsers.hpp"

namespace firstfin::http_request {

namespace {

bool contains(std::string_view text, std::string_view word) {
    return text.find(word) != std::string_view::npos;
}

/// From "MSIE " on, if at least its version and a character behind it follow.
std::string_view from_msie(std::string_view user_agent) {
    const auto at = user_agent.find("MSIE ");
    if (at == std::string_view::npos || at + 7 >= user_agent.size()) return {};
    return user_agent.substr(at);
}

}  // namespace

bool is_old_msie(std::string_view user_agent) {
    const auto msie = from_msie(user_agent);
    if (msie.empty() || msie[6] != '.' || contains(user_agent, "Opera")) return false;
    if (msie[5] == '4' || msie[5] == '5') return true;
    return msie[5] == '6' && !contains(msie.substr(8), "SV1");
}

bool is_mac_safari(std::string_view user_agent) {
    for (const auto* other : {"Opera", "Gecko/", "Chrome/"}) {
        if (contains(user_agent, other)) return false;
    }
    return from_msie(user_agent).empty() && contains(user_agent, "Safari/") && contains(user_agent, "Mac OS X");
}

}  // namespace firstfin::http_request
