#include "harness/experiment/sweep.hpp"

#include <fmt/format.h>

#include <optional>

namespace firstfin::experiment {

namespace {

constexpr std::int64_t most_values = 1'000'000;

std::optional<std::int64_t> signed_nanoseconds(const std::string& text) {
    const bool negative = text.starts_with('-');
    const auto value = parse_duration(std::string_view(text).substr(negative ? 1 : 0));
    if (!value) return std::nullopt;
    return negative ? -value->count() : value->count();
}

std::string signed_text(std::int64_t nanoseconds) {
    return nanoseconds < 0 ? "-" + to_text(duration(-nanoseconds)) : to_text(duration(nanoseconds));
}

std::optional<std::int64_t> whole(const std::string& text) {
    const auto value = parse_whole_number(text);
    if (!value) return std::nullopt;
    return *value;
}

template <class Read, class Write>
std::optional<result<std::vector<std::string>>> expand(const std::string& from, const std::string& to,
                                                       const std::string& step, Read read, Write write) {
    const auto first = read(from);
    const auto last = read(to);
    const auto by = read(step);
    if (!first || !last || !by) return std::nullopt;
    if (*by <= 0) return parse_error("a range needs a step above zero");
    if (*last < *first) return parse_error(fmt::format("the range from {} to {} is empty", from, to));
    if ((*last - *first) / *by >= most_values)
        return parse_error(fmt::format("a range of more than {} values", most_values));
    std::vector<std::string> values;
    for (auto at = *first; at <= *last; at += *by)
        values.push_back(write(at));
    return values;
}

}  // namespace

result<std::vector<std::string>> expand_range(const std::string& from, const std::string& to, const std::string& step) {
    if (auto numbers = expand(from, to, step, whole, [](std::int64_t value) { return std::to_string(value); }))
        return *numbers;
    if (auto durations = expand(from, to, step, signed_nanoseconds, signed_text)) return *durations;
    return parse_error(
        fmt::format("'{}' to '{}' by '{}' is no range: expected three durations such as \"1s\", or three whole numbers",
                    from, to, step));
}

std::vector<std::vector<assignment>> combinations(const std::vector<axis_group>& sweep) {
    std::vector<std::vector<assignment>> out{{}};
    for (const auto& group : sweep) {
        std::vector<std::vector<assignment>> longer;
        longer.reserve(out.size() * group.front().values.size());
        for (const auto& so_far : out)
            for (std::size_t at = 0; at < group.front().values.size(); ++at) {
                auto next = so_far;
                for (const auto& one : group)
                    next.push_back({one.key, one.values[at], one.where});
                longer.push_back(std::move(next));
            }
        out = std::move(longer);
    }
    return out;
}

}  // namespace firstfin::experiment
