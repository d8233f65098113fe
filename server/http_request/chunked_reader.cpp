#include "server/http_request/chunked_reader.hpp"

#include <algorithm>
#include <limits>

#include "server/http_request/letters.hpp"

namespace firstfin::http_request {

namespace {

/// nginx keeps sizes in an off_t and room for what follows a chunk.
constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
constexpr std::uint64_t largest_chunk = largest - 5;

}  // namespace

chunked_reader::progress chunked_reader::refuse(refusal_reason reason) {
    refusal_ = refused_for(reason);
    return progress::refused;
}

/// False: the body is too large now.
bool chunked_reader::end_size_line() {
    state_ = left_ == 0 ? state::trailer_first : state::data;
    if (most_ != no_limit && left_ > most_ - body_size_) return false;
    body_size_ += std::min(left_, std::numeric_limits<std::uint64_t>::max() - body_size_);
    return true;
}

chunked_reader::progress chunked_reader::feed(std::string_view bytes) {
    consumed_ = 0;
    const auto bad = [this] { return refuse(refusal_reason::invalid_chunk); };
    for (; consumed_ != bytes.size(); ++consumed_) {
        const auto one = bytes[consumed_];
        switch (state_) {
            case state::size_first:
                if (hex_value(one) < 0) return bad();
                left_ = static_cast<std::uint64_t>(hex_value(one));
                state_ = state::size;
                break;

            case state::size:
                if (left_ > largest / 16) return bad();
                if (hex_value(one) >= 0) {
                    left_ = left_ * 16 + static_cast<std::uint64_t>(hex_value(one));
                    if (left_ > largest_chunk) return bad();
                    break;
                }
                if (one != '\r' && one != '\n' && one != ';' && one != ' ' && one != '\t') return bad();
                state_ = state::extension;
                [[fallthrough]];

            case state::extension:
                if (one == '\r') {
                    state_ = state::size_line_feed;
                } else if (one == '\n') {
                    if (strict_) return bad();
                    if (!end_size_line()) return refuse(refusal_reason::body_too_large);
                }
                break;

            case state::size_line_feed:
                if (one != '\n') return bad();
                if (!end_size_line()) return refuse(refusal_reason::body_too_large);
                break;

            case state::data: {
                const auto here = std::min<std::uint64_t>(left_, bytes.size() - consumed_);
                left_ -= here;
                consumed_ += static_cast<std::size_t>(here) - 1;
                if (left_ == 0) state_ = state::data_end;
                break;
            }

            case state::data_end:
                if (one == '\r') {
                    state_ = state::data_line_feed;
                } else if (one == '\n' && !strict_) {
                    state_ = state::size_first;
                } else {
                    return bad();
                }
                break;

            case state::data_line_feed:
                if (one != '\n') return bad();
                state_ = state::size_first;
                break;

            case state::trailer_first:
                if (one == '\r') {
                    state_ = state::last_line_feed;
                } else if (one != '\n') {
                    state_ = state::trailer;
                } else if (strict_) {
                    return bad();
                } else {
                    ++consumed_;
                    return progress::complete;
                }
                break;

            case state::trailer:
                if (one == '\r') {
                    state_ = state::trailer_line_feed;
                } else if (one == '\n') {
                    if (strict_) return bad();
                    state_ = state::trailer_first;
                }
                break;

            case state::trailer_line_feed:
                if (one != '\n') return bad();
                state_ = state::trailer_first;
                break;

            case state::last_line_feed:
                if (one != '\n') return bad();
                ++consumed_;
                return progress::complete;
        }
    }
    return progress::wants_more;
}

}  // namespace firstfin::http_request
