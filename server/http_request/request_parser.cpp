#include "server/http_request/request_parser.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "server/http_request/host_name.hpp"
#include "server/http_request/letters.hpp"
#include "server/http_request/normal_path.hpp"

namespace firstfin::http_request {

namespace {

/// Digits only, and no more than fit nginx's off_t.
std::optional<std::uint64_t> read_length(std::string_view text) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (text.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const auto one : text) {
        if (!is_digit(one)) return std::nullopt;
        const auto digit = static_cast<std::uint64_t>(one - '0');
        if (number > (most - digit) / 10) return std::nullopt;
        number = number * 10 + digit;
    }
    return number;
}

/// The fields that nginx takes once only (ngx_http_process_unique_header_line), a bit each.
enum once : unsigned {
    host = 1U << 0,
    content_length = 1U << 1,
    transfer_encoding = 1U << 2,
    expect = 1U << 3,
    if_modified_since = 1U << 4,
    if_unmodified_since = 1U << 5,
    if_match = 1U << 6,
    if_none_match = 1U << 7,
    content_range = 1U << 8,
    if_range = 1U << 9,
    authorization = 1U << 10,
};

}  // namespace

request_parser::request_parser(const request_rules& rules)
    : rules_(rules),
      room_(rules),
      line_(rules.speaks.connect_takes_authority),
      header_(rules.underscores_in_headers, rules.speaks.tabs_are_blanks) {}

void request_parser::reset() {
    room_ = header_room(rules_);
    line_ = request_line_scanner(rules_.speaks.connect_takes_authority);
    header_ = header_scanner(rules_.underscores_in_headers, rules_.speaks.tabs_are_blanks);
    in_headers_ = false;
    line_begin_ = 0;
    line_ends_ = 0;
    fields_.clear();
    args_ = args_size_ = 0;
    user_agent_ = none;
    once_seen_ = 0;
    length_is_bad_ = has_coding_ = false;
    host_.clear();
    request_ = {};
    refusal_ = {};
}

request_parser::progress request_parser::feed(std::string_view received) {
    auto done = progress::wants_more;
    if (!in_headers_) done = read_line(received);
    if (in_headers_) done = read_headers(received);
    if (done == progress::refused) keep_what_was_read(received);
    return done;
}

/// As much as nginx could log of a request that it refused.
void request_parser::keep_what_was_read(std::string_view received) {
    const auto& marks = line_.marks();
    if (in_headers_) {
        point_into(received);
    } else if (line_.is_complete() && refusal_.reason != refusal_reason::target_too_long) {
        request_.method_text = received.substr(marks.begin, marks.method_end - marks.begin);
        request_.line = received.substr(marks.begin, marks.end - marks.begin);
        if (marks.protocol != 0) request_.protocol = received.substr(marks.protocol, marks.end - marks.protocol);
        line_begin_ = line_.position();
    } else {
        request_.line = received.substr(std::min<std::size_t>(received.size(), marks.begin));
        request_.line = request_.line.substr(0, request_.line.find_first_of("\r\n"));
    }
}

request_parser::progress request_parser::refuse(refusal_reason reason) {
    refusal_ = refused_for(reason);
    // A line that does not fit has no end, as far as nginx knows.
    refusal_.bare = reason != refusal_reason::target_too_long && line_.is_complete() && line_.marks().major == 0;
    refusal_.head_only = line_.marks().is_head && !refusal_.bare;
    return progress::refused;
}

std::size_t request_parser::drop_line_ends() {
    if (!line_.only_line_ends()) return 0;
    const auto bytes = line_.position();
    line_.forget(bytes);
    line_ends_ += bytes;
    return bytes;
}

std::size_t request_parser::room(std::size_t received) const {
    auto room = room_;
    if (!in_headers_) {
        const auto begin = line_ends_ + line_.marks().begin;
        room.skip_line_ends(begin);
        std::ignore = room.fits(begin, line_ends_ + received + 1);
    }
    return room.end() > line_ends_ + received ? room.end() - line_ends_ - received : 1;
}

request_parser::progress request_parser::read_line(std::string_view received) {
    const auto step = line_.scan(received.data(), static_cast<std::uint32_t>(received.size()));
    if (line_.only_line_ends() && step == scan_step::wants_more) return progress::wants_more;

    // The byte at which it failed, or the next one that it needs, must fit the buffer too; nginx never sees it
    // otherwise.
    const auto begin = line_.marks().begin;
    const auto reach = step == scan_step::done ? line_.position() : line_.position() + 1;
    auto room = room_;
    room.skip_line_ends(line_ends_ + begin);
    if (!room.fits(line_ends_ + begin, line_ends_ + reach)) return refuse(refusal_reason::target_too_long);
    if (step == scan_step::wants_more) return progress::wants_more;
    if (step == scan_step::failed) return refuse(line_.reason());
    room_ = room;

    const auto& marks = line_.marks();
    if (marks.needs_reading) {
        const auto doubled = rules_.merge_slashes ? slashes::merge : slashes::keep;
        const auto target = received.substr(marks.target, marks.target_end - marks.target);
        std::string_view args;
        if (!read_target(target, doubled, path_, args)) return refuse(refusal_reason::invalid_path);
        if (!args.empty()) {
            args_ = static_cast<std::uint32_t>(args.data() - target.data());
            args_size_ = static_cast<std::uint32_t>(args.size());
        }
    }
    if (marks.names_host &&
        !read_host(received.substr(marks.host, marks.host_end - marks.host), rules_.speaks, host_)) {
        return refuse(refusal_reason::invalid_target_host);
    }
    request_.verb = method_of(received.substr(marks.begin, marks.method_end - marks.begin));
    request_.version = marks.major == 0 ? http_0_9 : marks.major * 1000U + marks.minor;
    line_begin_ = line_.position();
    if (request_.version < http_1_0) {
        point_into(received);
        return progress::complete;
    }
    header_.begin_at(line_begin_);
    in_headers_ = true;
    return progress::wants_more;
}

request_parser::progress request_parser::read_headers(std::string_view received) {
    for (;;) {
        const auto step = header_.scan(received.data(), static_cast<std::uint32_t>(received.size()));
        const auto reach = step == scan_step::done ? header_.position() : header_.position() + 1;
        if (!room_.fits(line_ends_ + line_begin_, line_ends_ + reach)) return refuse(refusal_reason::header_too_large);
        if (step == scan_step::wants_more) return progress::wants_more;
        if (step == scan_step::failed) return refuse(refusal_reason::invalid_header_line);
        line_begin_ = header_.position();
        if (header_.what() == header_scanner::found::end) return check_header(received);
        if (header_.name_is_odd() && rules_.ignore_invalid_headers) continue;

        const auto& line = header_.line();
        if (rules_.max_headers != 0 && fields_.size() >= rules_.max_headers)
            return refuse(refusal_reason::too_many_header_lines);
        fields_.push_back(line);
        const auto reason =
            note(received.substr(line.name, line.name_size), received.substr(line.value, line.value_size));
        if (reason != refusal_reason::none) return refuse(reason);
    }
}

refusal_reason request_parser::note_once(unsigned kind) {
    if ((once_seen_ & kind) != 0) {
        return kind == once::host ? refusal_reason::duplicate_host : refusal_reason::duplicate_header_line;
    }
    once_seen_ |= kind;
    return refusal_reason::none;
}

/// Keeps what a line means, if it means anything to us. Sorted by length: most lines end at the first comparison.
refusal_reason request_parser::note(std::string_view name, std::string_view value) {
    const auto is = [&](std::string_view word) { return is_word(name, word); };
    auto reason = refusal_reason::none;
    switch (name.size()) {
        case 4:
            if (is("host")) {
                reason = note_once(once::host);
                if (reason != refusal_reason::none) return reason;
                // Looked at even where the target has named a host already.
                std::string ignored;
                auto& named = line_.marks().names_host ? ignored : host_;
                if (!read_host(value, rules_.speaks, named)) return refusal_reason::invalid_host;
            }
            break;
        case 6:
            if (is("expect")) {
                reason = note_once(once::expect);
                request_.expects_continue = request_.version >= http_1_1 && equals_any_case(value, "100-continue");
            }
            break;
        case 8:
            if (is("if-match")) return note_once(once::if_match);
            if (is("if-range")) return note_once(once::if_range);
            break;
        case 10:
            if (is("connection")) {
                const auto wish = wish_in(value);
                if (wish != connection_wish::unsaid) request_.wish = wish;
            } else if (user_agent_ == none && is("user-agent")) {
                user_agent_ = static_cast<std::uint32_t>(fields_.size() - 1);
            }
            break;
        case 13:
            if (is("if-none-match")) return note_once(once::if_none_match);
            if (is("authorization")) return note_once(once::authorization);
            if (is("content-range")) return note_once(once::content_range);
            break;
        case 14:
            if (is("content-length")) {
                reason = note_once(once::content_length);
                if (reason != refusal_reason::none) return reason;
                request_.content_length = read_length(value);
                length_is_bad_ = !request_.content_length;
            }
            break;
        case 17:
            if (is("transfer-encoding")) {
                reason = note_once(once::transfer_encoding);
                if (reason != refusal_reason::none) return reason;
                has_coding_ = true;
                request_.chunked = equals_any_case(value, "chunked");
            } else if (is("if-modified-since")) {
                return note_once(once::if_modified_since);
            }
            break;
        case 19:
            if (is("if-unmodified-since")) return note_once(once::if_unmodified_since);
            break;
        default:
            break;
    }
    return reason;
}

/// What can only be said of the whole header, in nginx's order (ngx_http_process_request_header).
request_parser::progress request_parser::check_header(std::string_view received) {
    if ((once_seen_ & once::host) == 0 && request_.version > http_1_0) return refuse(refusal_reason::missing_host);
    if (length_is_bad_) return refuse(refusal_reason::invalid_content_length);
    const auto refuse_with_body = [&](refusal_reason reason, bool chunked) {
        const auto refused = refuse(reason);
        refusal_.content_length = request_.content_length;
        refusal_.chunked = chunked;
        return refused;
    };
    if (has_coding_) {
        if (request_.version < http_1_1) return refuse_with_body(refusal_reason::coding_in_1_0, false);
        if (!request_.chunked) return refuse_with_body(refusal_reason::unknown_coding, false);
        if (request_.content_length) return refuse_with_body(refusal_reason::length_and_coding, false);
    }
    if (request_.verb == method::connect) return refuse_with_body(refusal_reason::connect_method, request_.chunked);
    if (request_.verb == method::trace) return refuse_with_body(refusal_reason::trace_method, request_.chunked);
    point_into(received);
    return progress::complete;
}

void request_parser::point_into(std::string_view received) {
    const auto& marks = line_.marks();
    const auto part = [&](std::uint32_t begin, std::uint32_t end) { return received.substr(begin, end - begin); };
    request_.method_text = part(marks.begin, marks.method_end);
    request_.line = part(marks.begin, marks.end);
    request_.target = part(marks.target, marks.target_end);
    if (marks.protocol != 0) request_.protocol = part(marks.protocol, marks.end);
    if (marks.needs_reading) {
        request_.path = path_;
        request_.args = request_.target.substr(args_, args_size_);
    } else if (marks.args != 0) {
        request_.path = part(marks.target, marks.args - 1);
        request_.args = part(marks.args, marks.target_end);
    } else {
        request_.path = request_.target;
    }
    request_.host = host_;
    request_.headers = header_list(received.data(), fields_);
    if (user_agent_ != none) request_.user_agent = request_.headers[user_agent_].value;
}

}  // namespace firstfin::http_request
