#include "harness/subjects/told_values.hpp"

#include <fmt/format.h>

#include "core/parse_error.hpp"

namespace firstfin::subjects {

bool is_told(const server_request& of, std::string_view setting) {
    return of.told.contains(setting);
}

duration idle_limit(const server_request& of, duration never) {
    const auto& limit = of.policy.keepalive_timeout;
    return limit.is_never() ? never : limit.value();
}

template <class Unit>
std::string whole(duration limit, std::string_view program) {
    const auto count = std::chrono::floor<Unit>(limit);
    if (count != limit)
        throw bad_input(fmt::format("{} cannot be told {}: it takes whole {}", program, to_text(limit),
                                    std::is_same_v<Unit, std::chrono::seconds> ? "seconds" : "milliseconds"));
    return fmt::format("{}", count.count());
}
template std::string whole<std::chrono::seconds>(duration, std::string_view);
template std::string whole<std::chrono::milliseconds>(duration, std::string_view);

std::string decimal_seconds(duration limit) {
    return fmt::format("{}", std::chrono::duration<double>(limit).count());
}

void refuse_zero(duration limit, std::string_view program, std::string_view meaning) {
    if (limit == duration{})
        throw bad_input(
            fmt::format("{} cannot be told server.keepalive_timeout = \"0ms\": it takes 0 for {}", program, meaning));
}

}  // namespace firstfin::subjects
