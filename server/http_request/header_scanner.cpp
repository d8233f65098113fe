#include "server/http_request/header_scanner.hpp"

#include <array>

#if defined(__SSE2__)
#include <emmintrin.h>

#include <bit>
#endif

#include "server/http_request/letters.hpp"

namespace firstfin::http_request {

namespace {

enum class kind : std::uint8_t { odd, usual, underscore, colon, line_end, refused };

constexpr auto kinds = [] {
    std::array<kind, 256> table{};
    for (unsigned at = 0; at != table.size(); ++at) {
        const auto one = static_cast<char>(at);
        if (is_letter(one) || is_digit(one) || one == '-') table[at] = kind::usual;
        if (at <= ' ' || at == 0x7f) table[at] = kind::refused;
    }
    table['_'] = kind::underscore;
    table[':'] = kind::colon;
    table['\r'] = table['\n'] = kind::line_end;
    return table;
}();

kind kind_of(char one) {
    return kinds[static_cast<unsigned char>(one)];
}

bool stops_value(char one) {
    return one == '\r' || one == '\n' || one == '\0';
}

/// The first CR, LF or NUL of [at, size), or `size`. Sixteen bytes at a time where that is certain to be there.
std::uint32_t find_stop(const char* bytes, std::uint32_t at, std::uint32_t size) {
#if defined(__SSE2__)
    const auto carriage_return = _mm_set1_epi8('\r');
    const auto line_feed = _mm_set1_epi8('\n');
    for (; size - at >= 16; at += 16) {
        const auto block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(bytes + at));
        const auto stops =
            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, carriage_return), _mm_cmpeq_epi8(block, line_feed)),
                         _mm_cmpeq_epi8(block, _mm_setzero_si128()));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(stops));
        if (mask != 0) return at + static_cast<std::uint32_t>(std::countr_zero(mask));
    }
#endif
    while (at != size && !stops_value(bytes[at]))
        ++at;
    return at;
}

}  // namespace

void header_scanner::end_value(const char* bytes) {
    auto end = at_;
    while (end != line_.value && is_blank(bytes[end - 1]))
        --end;
    line_.value_size = end - line_.value;
}

scan_step header_scanner::finish(found what) {
    ++at_;
    what_ = what;
    state_ = state::first;
    return scan_step::done;
}

scan_step header_scanner::scan(const char* bytes, std::uint32_t size) {
    for (; at_ != size; ++at_) {
        const auto one = bytes[at_];
        switch (state_) {
            case state::first:
                if (one == '\n') return finish(found::end);
                if (one == '\r') {
                    state_ = state::last_line_feed;
                    break;
                }
                if (one == ':') return scan_step::failed;
                line_ = {at_, 0, 0, 0};
                odd_ = false;
                state_ = state::name;
                [[fallthrough]];

            case state::name:
                while (kind_of(bytes[at_]) == kind::usual) {
                    if (++at_ == size) return scan_step::wants_more;
                }
                switch (kind_of(bytes[at_])) {
                    case kind::colon:
                        end_name();
                        state_ = state::before_value;
                        break;
                    case kind::line_end:
                        end_name();
                        line_.value = at_;
                        if (bytes[at_] == '\n') return finish(found::line);
                        state_ = state::line_feed;
                        break;
                    case kind::refused:
                        return scan_step::failed;
                    case kind::underscore:
                        odd_ |= !underscores_are_fine_;
                        break;
                    case kind::odd:
                        odd_ = true;
                        break;
                    case kind::usual:
                        break;
                }
                break;

            case state::before_value:
                while (is_blank(bytes[at_])) {
                    if (++at_ == size) return scan_step::wants_more;
                }
                line_.value = at_;
                state_ = state::value;
                [[fallthrough]];

            case state::value:
                at_ = find_stop(bytes, at_, size);
                if (at_ == size) return scan_step::wants_more;
                if (bytes[at_] == '\0') return scan_step::failed;
                end_value(bytes);
                if (bytes[at_] == '\n') return finish(found::line);
                state_ = state::line_feed;
                if (++at_ == size) return scan_step::wants_more;
                [[fallthrough]];

            case state::line_feed:
                if (bytes[at_] == '\n') return finish(found::line);
                if (bytes[at_] != '\r') return scan_step::failed;
                break;

            case state::last_line_feed:
                if (one != '\n') return scan_step::failed;
                return finish(found::end);
        }
    }
    return scan_step::wants_more;
}

}  // namespace firstfin::http_request
