#include "harness/subjects/server_settings.hpp"

#include <fmt/format.h>

#include "core/parse_error.hpp"

namespace firstfin::subjects {

std::string_view page() {
    return "<!doctype html><html lang=en><link rel=icon href=data:,><title>firstfin</title><p>It works.</html>\n";
}

std::string whole_seconds(std::string_view program, std::string_view setting, time_limit limit) {
    const auto exact = limit.is_never() ? duration(1) : limit.value();
    const auto whole = std::chrono::floor<std::chrono::seconds>(exact);
    if (whole != exact)
        throw bad_input(fmt::format("{} counts whole seconds: {} = \"{}\" cannot be set", program, setting,
                                    limit.is_never() ? "never" : to_text(exact)));
    return std::to_string(whole.count());
}

std::int64_t milliseconds(std::string_view program, std::string_view setting, time_limit limit) {
    if (limit.is_never()) throw bad_input(fmt::format("{} knows no {} = \"never\"", program, setting));
    const auto whole = std::chrono::floor<std::chrono::milliseconds>(limit.value());
    if (whole != limit.value())
        throw bad_input(
            fmt::format("{} counts whole milliseconds: {} = \"{}\" cannot be set", program, setting, to_text(limit)));
    return whole.count();
}

void refuse_zero(std::string_view program, std::string_view meaning, time_limit limit) {
    if (limit.is_zero())
        throw bad_input(
            fmt::format("{} takes server.keepalive_timeout = \"0s\" for {}: say how long", program, meaning));
}

std::uint64_t requests(std::string_view program, count_limit limit) {
    if (limit.is_unlimited())
        throw bad_input(fmt::format("{} knows no server.keepalive_requests = \"unlimited\"", program));
    return limit.value;
}

}  // namespace firstfin::subjects
