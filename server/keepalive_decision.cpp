#include "server/keepalive_decision.hpp"

#include <boost/algorithm/string/predicate.hpp>

namespace firstfin {

void connection_wishes::add(std::string_view field_value) {
    constexpr std::string_view blank = " \t";
    while (!field_value.empty()) {
        const auto comma = field_value.find(',');
        auto token = field_value.substr(0, comma);
        field_value.remove_prefix(comma == std::string_view::npos ? field_value.size() : comma + 1);
        token.remove_prefix(std::min(token.find_first_not_of(blank), token.size()));
        token = token.substr(0, token.find_last_not_of(blank) + 1);
        close = close || boost::iequals(token, "close");
        keep_alive = keep_alive || boost::iequals(token, "keep-alive");
    }
}

after_response decide(const request_facts& request, const server_policy& policy) {
    const bool client_keeps = !request.wishes.close && (request.version >= 11 || request.wishes.keep_alive);
    const bool too_old = !policy.keepalive_time.is_never() && request.age > policy.keepalive_time.value();
    const bool server_keeps =
        !policy.keepalive_timeout.is_zero() && !policy.keepalive_requests.reached_by(request.ordinal) && !too_old;
    return client_keeps && server_keeps ? after_response::keep : after_response::close;
}

ending ending_of(role::close_reason reason, bool said_close, server_close_style style) {
    switch (reason) {
        case role::close_reason::idle_deadline:
        case role::close_reason::unused_deadline:
        case role::close_reason::header_deadline:
        case role::close_reason::policy:
        case role::close_reason::bad_message:
            break;
        case role::close_reason::shutdown:
            if (!said_close) return ending::fin;
            break;
        default:
            return ending::fin;
    }
    switch (style) {
        case server_close_style::rst:
            return ending::rst;
        case server_close_style::linger:
            return ending::linger;
        case server_close_style::wait:
            return said_close ? ending::await_fin : ending::fin;
        case server_close_style::fin:
            break;
    }
    return ending::fin;
}

}  // namespace firstfin
