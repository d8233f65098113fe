#include "server/nginx_conf/nginx_version.hpp"

#include <fmt/format.h>

#include <charconv>

namespace firstfin::nginx_conf {

result<nginx_version> parse_nginx_version(std::string_view text) {
    const auto expected = [&] {
        return parse_error(fmt::format("'{}' is no nginx version: write one like 1.22.1", text));
    };
    auto rest = text;
    if (rest.starts_with("nginx/")) rest.remove_prefix(6);
    int numbers[3] = {0, 0, 0};
    int have = 0;
    for (; have < 3 && !rest.empty(); ++have) {
        const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), numbers[have]);
        if (failed != std::errc{} || numbers[have] < 0) return expected();
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        if (rest.empty()) continue;
        if (rest[0] != '.' || rest.size() == 1) return expected();
        rest.remove_prefix(1);
    }
    if (have < 2 || !rest.empty()) return expected();
    const nginx_version out{numbers[0], numbers[1], numbers[2]};
    // A newer patch of a known branch brings no directives and no defaults.
    if (out < oldest_known || out.major != newest_known.major || out.minor > newest_known.minor)
        return parse_error(fmt::format("nginx {} is not known here: {} to {} are", to_text(out), to_text(oldest_known),
                                       to_text(newest_known)));
    return out;
}

std::string to_text(const nginx_version& version) {
    return fmt::format("{}.{}.{}", version.major, version.minor, version.patch);
}

}  // namespace firstfin::nginx_conf
