#include "core/client_policy.hpp"

#include <algorithm>

namespace firstfin {

namespace {

template <auto Member>
constexpr auto setting(std::string_view name, std::string_view meaning) {
    return make_field<Member, client_policy>(name, meaning);
}

using p = client_policy;
constexpr std::array client_fields{
    setting<&p::idle_timeout>("idle_timeout", "idle limit of a pooled connection; never: no limit"),
    setting<&p::mode>("close_mode", "timer (sends FIN by itself), lazy (only at the next use of the pool), never"),
    setting<&p::close_window>(
        "close_window",
        "idle close at a moment drawn from this window, such as 115s..125s; none: exactly at the limit"),
    setting<&p::unused_timeout>("unused_timeout", "limit of a connection that never carried a request"),
    setting<&p::hint>("hint", "the server's Keep-Alive: timeout= hint: ignore, follow, shorten (only downwards)"),
    setting<&p::hint_slack>("hint_slack", "subtracted from the hint"),
    setting<&p::hint_cap>("hint_cap", "longest limit a hint can give"),
    setting<&p::max_requests>("max_requests", "requests on one connection before the client closes it"),
    setting<&p::retry>("retry", "sent again when a reused connection was dead: none, idempotent, all"),
    setting<&p::notices_fin>("notices_fin",
                             "the server's FIN on an idle connection is noticed at_once or lazy (at the next use)"),
    setting<&p::close_style>("close_style", "fin or rst"),
    setting<&p::on_close_header>("on_close_header",
                                 "after Connection: close from the server: close, or wait for its FIN"),
};

}  // namespace

std::span<const field<client_policy>> fields_of(const client_policy&) {
    return client_fields;
}

time_limit effective_idle_timeout(const client_policy& policy, duration hint) {
    if (policy.hint == hint_use::ignore || hint == duration::zero()) return policy.idle_timeout;
    const auto hinted = std::min(time_limit(std::max(duration::zero(), hint - policy.hint_slack)), policy.hint_cap);
    return policy.hint == hint_use::shorten ? std::min(policy.idle_timeout, hinted) : hinted;
}

std::optional<time_window> idle_close_window(const client_policy& policy, duration hint) {
    const auto limit = effective_idle_timeout(policy, hint);
    // A hint that leaves nothing makes any pool drop the connection at once, a lazy one too.
    if (limit.is_zero()) return time_window{};
    if (policy.mode != close_mode::timer || limit.is_never()) return std::nullopt;
    return with_idle_timeout(policy, limit).close_window.value_or(time_window{limit.value(), limit.value()});
}

client_policy with_idle_timeout(client_policy policy, time_limit timeout) {
    if (timeout.is_never() || policy.idle_timeout.is_never())
        policy.close_window.reset();
    else if (policy.close_window)
        policy.close_window = policy.close_window->shifted(timeout.value() - policy.idle_timeout.value());
    policy.idle_timeout = timeout;
    return policy;
}

client_policy scaled(client_policy policy, double factor) {
    policy.idle_timeout = policy.idle_timeout.scaled_by(factor);
    policy.unused_timeout = policy.unused_timeout.scaled_by(factor);
    policy.hint_cap = policy.hint_cap.scaled_by(factor);
    policy.hint_slack = scaled(policy.hint_slack, factor);
    if (policy.close_window)
        policy.close_window = {scaled(policy.close_window->earliest, factor),
                               scaled(policy.close_window->latest, factor)};
    return policy;
}

}  // namespace firstfin
