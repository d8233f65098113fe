#include "core/scenario.hpp"

namespace firstfin {

namespace {

template <auto Member>
constexpr auto setting(std::string_view name, std::string_view meaning) {
    return make_field<Member, scenario>(name, meaning);
}

using s = scenario;
constexpr std::array scenario_fields{
    setting<&s::kind>("kind", "idle, connection-close, cadence, abort, half-close, raw"),
    setting<&s::requests>("requests", "requests on the connection; 0: connect and stay silent"),
    setting<&s::gap>("gap", "time from a response to the next request"),
    setting<&s::jitter>("jitter", "each gap is drawn from gap - jitter to gap + jitter"),
    setting<&s::method>("method", "GET, HEAD, POST, ..."),
    setting<&s::path>("path", "what is asked for"),
    setting<&s::abort_at>("abort_at", "abort: idle (after the response) or in_flight (after the request)"),
    setting<&s::raw>("raw", "raw: the bytes to send"),
};

}  // namespace

std::span<const field<scenario>> fields_of(const scenario&) {
    return scenario_fields;
}

scenario scaled(scenario value, double factor) {
    value.gap = scaled(value.gap, factor);
    value.jitter = scaled(value.jitter, factor);
    return value;
}

}  // namespace firstfin
