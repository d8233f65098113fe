#include "server/nginx/answers/ranges.hpp"

#include <algorithm>
#include <limits>
#include <optional>

#include "server/http_request/letters.hpp"

namespace firstfin::nginx {

namespace {

class range_reader {
public:
    explicit range_reader(std::string_view text) : rest_(text) {}

    void skip_blanks() {
        while (!rest_.empty() && rest_.front() == ' ')
            rest_.remove_prefix(1);
    }
    bool take(char one) {
        if (rest_.empty() || rest_.front() != one) return false;
        rest_.remove_prefix(1);
        return true;
    }
    [[nodiscard]] bool at_end_of_one() const { return rest_.empty() || rest_.front() == ','; }
    std::optional<std::int64_t> number() {
        if (rest_.empty() || !http_request::is_digit(rest_.front())) return std::nullopt;
        constexpr auto most = std::numeric_limits<std::int64_t>::max();
        std::int64_t value = 0;
        while (!rest_.empty() && http_request::is_digit(rest_.front())) {
            const std::int64_t digit = rest_.front() - '0';
            if (value > (most - digit) / 10) return std::nullopt;
            value = value * 10 + digit;
            rest_.remove_prefix(1);
        }
        return value;
    }

private:
    std::string_view rest_;
};

/// One range as written; nothing when it does not read like one.
std::optional<byte_range> read_one(range_reader& from, std::int64_t size) {
    from.skip_blanks();
    if (from.take('-')) {
        const auto count = from.number();
        from.skip_blanks();
        if (!count || !from.at_end_of_one()) return std::nullopt;
        return byte_range{*count < size ? size - *count : 0, size};
    }
    const auto begin = from.number();
    if (!begin) return std::nullopt;
    from.skip_blanks();
    if (!from.take('-')) return std::nullopt;
    from.skip_blanks();
    if (from.at_end_of_one()) return byte_range{*begin, size};
    const auto last = from.number();
    from.skip_blanks();
    if (!last || !from.at_end_of_one()) return std::nullopt;
    return byte_range{*begin, *last >= size ? size : *last + 1};
}

}  // namespace

range_wish read_ranges(std::string_view line, std::int64_t size, std::vector<byte_range>& out) {
    constexpr std::string_view unit = "bytes=";
    out.clear();
    if (line.size() <= unit.size() || !http_request::equals_any_case(line.substr(0, unit.size()), unit))
        return range_wish::whole;
    range_reader from(line.substr(unit.size()));
    std::int64_t sum = 0;
    do {
        const auto one = read_one(from, size);
        if (!one) return range_wish::unsatisfiable;
        if (one->begin < one->end) {
            out.push_back(*one);
            if (sum > std::numeric_limits<std::int64_t>::max() - (one->end - one->begin))
                return range_wish::unsatisfiable;
            sum += one->end - one->begin;
        } else if (one->begin == 0) {
            return range_wish::whole;
        }
    } while (from.take(','));
    if (out.empty()) return range_wish::unsatisfiable;
    return sum > size ? range_wish::whole : range_wish::parts;
}

}  // namespace firstfin::nginx
