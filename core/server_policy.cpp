#include "core/server_policy.hpp"

namespace firstfin {

namespace {

template <auto Member>
constexpr auto setting(std::string_view name, std::string_view meaning) {
    return make_field<Member, server_policy>(name, meaning);
}

using p = server_policy;
constexpr std::array server_fields{
    setting<&p::keepalive_timeout>("keepalive_timeout", "idle limit; 0: close after each response; never: no limit"),
    setting<&p::close_window>(
        "close_window", "idle close at a moment drawn from this window, such as 5s..7s; none: exactly at the limit"),
    setting<&p::keepalive_hint>("keepalive_hint",
                                "advertised Keep-Alive: timeout=, independent of the real limit; 0: not sent"),
    setting<&p::keepalive_requests>("keepalive_requests",
                                    "the response with this number says Connection: close and ends the connection"),
    setting<&p::keepalive_time>("keepalive_time",
                                "a request on a connection older than this is answered with Connection: close"),
    setting<&p::header_timeout>("header_timeout", "limit for a connection never used and for half a request"),
    setting<&p::response_size>("response_size", "bytes of body"),
    setting<&p::response_delay>("response_delay", "time between request and response"),
    setting<&p::response_pace>("response_pace", "time over which the body is spread; 0: at once"),
    setting<&p::close_style>(
        "close_style",
        "fin, linger (FIN, then drop input until the client closes), rst, or wait (leave it to the client)"),
    setting<&p::lingering_time>("lingering_time", "longest lingering close"),
    setting<&p::lingering_timeout>("lingering_timeout", "longest silence in a lingering close"),
    setting<&p::on_client_fin>("on_client_fin", "finish (answer, then close), abort, or ignore (never close)"),
};

}  // namespace

std::span<const field<server_policy>> fields_of(const server_policy&) {
    return server_fields;
}

std::optional<time_window> idle_close_window(const server_policy& policy) {
    if (policy.keepalive_timeout.is_never()) return std::nullopt;
    if (policy.close_window) return policy.close_window;
    return time_window{policy.keepalive_timeout.value(), policy.keepalive_timeout.value()};
}

server_policy with_keepalive_timeout(server_policy policy, time_limit timeout) {
    if (timeout.is_never() || timeout.is_zero() || policy.keepalive_timeout.is_never())
        policy.close_window.reset();
    else if (policy.close_window)
        policy.close_window = policy.close_window->shifted(timeout.value() - policy.keepalive_timeout.value());
    policy.keepalive_timeout = timeout;
    return policy;
}

server_policy scaled(server_policy policy, double factor) {
    policy.keepalive_timeout = policy.keepalive_timeout.scaled_by(factor);
    policy.keepalive_time = policy.keepalive_time.scaled_by(factor);
    policy.header_timeout = policy.header_timeout.scaled_by(factor);
    if (policy.close_window)
        policy.close_window = {scaled(policy.close_window->earliest, factor),
                               scaled(policy.close_window->latest, factor)};
    for (auto* timer :
         {&policy.response_delay, &policy.response_pace, &policy.lingering_time, &policy.lingering_timeout})
        *timer = scaled(*timer, factor);
    return policy;
}

}  // namespace firstfin
