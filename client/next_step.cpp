#include "client/next_step.hpp"

#include <algorithm>
#include <array>

namespace firstfin::client {

namespace {

/// From gap - jitter to gap + jitter, never negative.
duration drawn_gap(const scenario& what, double share) {
    return std::max(duration::zero(), time_window{what.gap - what.jitter, what.gap + what.jitter}.at(share));
}

}  // namespace

next_step after_connect(const client_policy& policy, const scenario& what) {
    if (what.kind == scenario_kind::raw) return {step::send_raw};
    if (what.requests > 0) return {step::send};
    if (what.kind == scenario_kind::abort) return {step::abort};
    if (what.kind == scenario_kind::half_close) return {step::half_close};
    return {step::park_until_close, policy.mode == close_mode::timer ? policy.unused_timeout : time_limit::never()};
}

next_step after_response(const client_policy& policy, const scenario& what, const answered& response,
                         const draws& drawn) {
    const bool last = response.ordinal >= what.requests;
    if (last && what.kind == scenario_kind::abort) return {step::abort};
    if (last && what.kind == scenario_kind::half_close) return {step::half_close};
    const bool asked_to_close = last && what.kind == scenario_kind::connection_close;
    if (response.says_close || asked_to_close) {
        if (policy.on_close_header == close_header_reaction::wait) return {step::await_fin};
        return {step::close, time_limit::never(),
                response.says_close ? "the response says close" : "the request said close"};
    }
    if (policy.max_requests.reached_by(response.ordinal))
        return {step::close, time_limit::never(), "the request limit is reached"};

    const auto window = idle_close_window(policy, response.hint);
    if (window && window->latest == duration::zero())
        return {step::close, time_limit::never(), "the idle limit is zero"};
    const auto close_after = window ? time_limit(window->at(drawn.window)) : time_limit::never();
    if (last) return {step::park_until_close, close_after};
    const auto gap = drawn_gap(what, drawn.gap);
    if (gap == duration::zero()) return {step::send};
    // At equal moments the pool's timer, armed first, has already taken the connection away.
    if (close_after <= time_limit(gap)) return {step::park_until_close, close_after};
    return {step::park_until_send, gap};
}

std::optional<role::close_reason> before_reuse(const client_policy& policy, time_limit idle_limit, duration age,
                                               socket_look look) {
    if (policy.mode == close_mode::lazy && time_limit(age) >= idle_limit) return role::close_reason::pool;
    if (policy.notices_fin != fin_notice::lazy) return std::nullopt;
    switch (look) {
        case socket_look::quiet:
            return std::nullopt;
        case socket_look::fin:
            return role::close_reason::peer_fin;
        case socket_look::reset:
            return role::close_reason::peer_reset;
        case socket_look::data:
            return role::close_reason::bad_message;
    }
    return std::nullopt;
}

bool may_retry(retry_rule rule, std::string_view method) {
    constexpr std::array<std::string_view, 6> idempotent{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"};
    switch (rule) {
        case retry_rule::none:
            return false;
        case retry_rule::idempotent:
            return std::ranges::find(idempotent, method) != idempotent.end();
        case retry_rule::all:
            return true;
    }
    return false;
}

}  // namespace firstfin::client
