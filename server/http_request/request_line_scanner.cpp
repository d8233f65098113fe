#include "server/http_request/request_line_scanner.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "server/http_request/letters.hpp"

namespace firstfin::http_request {

namespace {

/// What a target is mostly made of: nothing that ends it, nothing that makes its path worth a second reading.
constexpr auto plain = [] {
    std::array<bool, 256> table{};
    for (unsigned one = 0; one != table.size(); ++one) {
        table[one] = one > ' ' && one != 0x7f &&
                     std::string_view("#%+./?").find(static_cast<char>(one)) == std::string_view::npos;
    }
    return table;
}();

bool is_plain(char one) {
    return plain[static_cast<unsigned char>(one)];
}
bool is_control(char one) {
    return static_cast<unsigned char>(one) < ' ' || one == 0x7f;
}
bool is_method_character(char one) {
    return (one >= 'A' && one <= 'Z') || one == '_' || one == '-';
}
bool is_literal_character(char one) {
    return is_letter(one) || is_digit(one) || std::string_view(":-._~!$&'()*+,;=").find(one) != std::string_view::npos;
}

constexpr std::string_view usual_end = "HTTP/1.1\r\n";

}  // namespace

scan_step request_line_scanner::fail(refusal_reason reason) {
    reason_ = reason;
    return scan_step::failed;
}

/// Behind the host and port of an absolute target. False: they cannot end with this.
bool request_line_scanner::end_authority(char one, std::uint32_t here) {
    if (marks_.is_connect) return false;
    marks_.host_end = here;
    switch (one) {
        case '/':
            marks_.target = here;
            state_ = state::segment_first;
            return true;
        case '?':
            marks_.target = here;
            marks_.needs_reading = true;
            state_ = state::rest_of_target;
            return true;
        case ' ':
            // No path means "/", and nginx shows the first slash behind the scheme for it.
            marks_.target = scheme_end_ + 1;
            marks_.target_end = scheme_end_ + 2;
            state_ = state::after_target;
            return true;
        default:
            return false;
    }
}

/// A blank or a line end behind a target; anything else is part of it, unless it is a control character.
bool request_line_scanner::end_target(char one, std::uint32_t here) {
    marks_.target_end = here;
    if (one == ' ') {
        state_ = state::after_target;
    } else if (one == '\r') {
        state_ = state::line_feed;
    } else {
        return !is_control(one);
    }
    return true;
}

scan_step request_line_scanner::scan(const char* bytes, std::uint32_t size) {
    // Ends HTTP/0.9 lines and others alike; `end` is set already if there was a CR.
    const auto finish = [&] {
        if (marks_.end == 0) marks_.end = at_;
        ++at_;
        complete_ = true;
        return marks_.major == 0 && std::string_view(bytes + marks_.begin, marks_.method_end - marks_.begin) != "GET"
                   ? fail(refusal_reason::method_of_0_9)
                   : scan_step::done;
    };
    const auto bad = [&] { return fail(refusal_reason::invalid_request_line); };

    for (; at_ != size; ++at_) {
        const auto one = bytes[at_];
        switch (state_) {
            case state::before_method:
                if (one == '\r' || one == '\n') break;
                marks_.begin = at_;
                if (!is_method_character(one)) return fail(refusal_reason::invalid_method);
                state_ = state::method;
                break;

            case state::method:
                if (one == ' ') {
                    marks_.method_end = at_;
                    const std::string_view method(bytes + marks_.begin, at_ - marks_.begin);
                    marks_.is_head = method == "HEAD";
                    marks_.is_connect = connect_takes_authority_ && method == "CONNECT";
                    state_ = marks_.is_connect ? state::before_authority : state::before_target;
                } else if (!is_method_character(one)) {
                    return fail(refusal_reason::invalid_method);
                }
                break;

            case state::before_target:
                if (one == '/') {
                    marks_.target = at_;
                    state_ = state::segment_first;
                } else if (is_letter(one)) {
                    state_ = state::scheme;
                } else if (one != ' ') {
                    return bad();
                }
                break;

            case state::scheme:
                if (one == ':') {
                    scheme_end_ = at_;
                    state_ = state::scheme_colon;
                } else if (!is_letter(one) && !is_digit(one) && one != '+' && one != '-' && one != '.') {
                    return bad();
                }
                break;

            case state::scheme_colon:
                if (one != '/') return bad();
                state_ = state::scheme_slash;
                break;

            case state::scheme_slash:
                if (one != '/') return bad();
                state_ = state::host_first;
                break;

            case state::before_authority:
                if (one == ' ') break;
                [[fallthrough]];

            case state::host_first:
                marks_.host = at_;
                marks_.names_host = true;
                if (one == '[') {
                    state_ = state::literal;
                    break;
                }
                state_ = state::host;
                [[fallthrough]];

            case state::host:
                if (is_letter(one) || is_digit(one) || one == '.' || one == '-') break;
                [[fallthrough]];

            case state::host_end:
                if (one == ':') {
                    marks_.host_end = at_;
                    state_ = state::port;
                } else if (!end_authority(one, at_)) {
                    return bad();
                }
                break;

            case state::literal:
                if (one == ']') {
                    state_ = state::host_end;
                } else if (!is_literal_character(one)) {
                    return bad();
                }
                break;

            case state::port:
                if (is_digit(one)) break;
                if (marks_.is_connect) {
                    if (one != ' ') return bad();
                    marks_.host_end = at_;
                    state_ = state::after_target;
                } else if (!end_authority(one, at_)) {
                    return bad();
                }
                break;

            case state::segment_first:
                if (one == '.' || one == '/') {
                    marks_.needs_reading = true;
                    state_ = state::rest_of_target;
                    break;
                }
                state_ = state::segment;
                [[fallthrough]];

            case state::segment:
                while (is_plain(bytes[at_])) {
                    if (++at_ == size) return scan_step::wants_more;
                }
                switch (bytes[at_]) {
                    case '/':
                        state_ = state::segment_first;
                        break;
                    case '?':
                        marks_.args = at_ + 1;
                        state_ = state::rest_of_target;
                        break;
                    case '%':
                    case '#':
                        marks_.needs_reading = true;
                        state_ = state::rest_of_target;
                        break;
                    case '\n':
                        marks_.target_end = at_;
                        return finish();
                    default:
                        if (!end_target(bytes[at_], at_)) return bad();
                }
                break;

            case state::rest_of_target:
                while (is_plain(bytes[at_])) {
                    if (++at_ == size) return scan_step::wants_more;
                }
                if (bytes[at_] == '#') {
                    marks_.needs_reading = true;
                } else if (bytes[at_] == '\n') {
                    marks_.target_end = at_;
                    return finish();
                } else if (!end_target(bytes[at_], at_)) {
                    return bad();
                }
                break;

            case state::after_target:
                if (one == ' ') break;
                if (one == '\r') {
                    state_ = state::line_feed;
                } else if (one == '\n') {
                    return finish();
                } else if (one == 'H') {
                    marks_.protocol = at_;
                    if (size - at_ >= usual_end.size() && !marks_.is_connect &&
                        std::memcmp(bytes + at_, usual_end.data(), usual_end.size()) == 0) {
                        marks_.major = marks_.minor = 1;
                        marks_.end = at_ + 8;
                        at_ += 9;
                        return finish();
                    }
                    letters_seen_ = 1;
                    state_ = state::protocol_name;
                } else {
                    return bad();
                }
                break;

            case state::protocol_name:
                if (one != usual_end[letters_seen_]) return bad();
                if (one == '/') {
                    if (marks_.is_connect) {
                        // As with a host and no path: a slash that is there anyway stands for "/".
                        marks_.target = at_;
                        marks_.target_end = at_ + 1;
                    }
                    state_ = state::major_first;
                }
                ++letters_seen_;
                break;

            case state::major_first:
                if (one < '1' || one > '9') return bad();
                marks_.major = static_cast<std::uint16_t>(one - '0');
                if (marks_.major > 1) return fail(refusal_reason::unsupported_version);
                state_ = state::major;
                break;

            case state::major:
                if (one == '.') {
                    state_ = state::minor_first;
                    break;
                }
                if (!is_digit(one)) return bad();
                return fail(refusal_reason::unsupported_version);  // 10 or more

            case state::minor_first:
                if (!is_digit(one)) return bad();
                marks_.minor = static_cast<std::uint16_t>(one - '0');
                state_ = state::minor;
                break;

            case state::minor:
                if (is_digit(one)) {
                    if (marks_.minor > 99) return bad();
                    marks_.minor = static_cast<std::uint16_t>(marks_.minor * 10 + (one - '0'));
                    break;
                }
                [[fallthrough]];

            case state::after_version:
                if (one == '\r') {
                    state_ = state::line_feed;
                } else if (one == '\n') {
                    return finish();
                } else if (one == ' ') {
                    state_ = state::after_version;
                } else {
                    return bad();
                }
                break;

            case state::line_feed:
                if (one != '\n') return bad();
                marks_.end = at_ - 1;
                return finish();
        }
    }
    return scan_step::wants_more;
}

}  // namespace firstfin::http_request
