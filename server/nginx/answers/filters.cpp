#include <fmt/format.h>
#include <unistd.h>

#include <atomic>

#include "server/nginx/answers/answering.hpp"
#include "server/nginx/answers/http_time.hpp"
#include "server/nginx/answers/preconditions.hpp"

// What stands between a handler's answer and the wire, in the order of nginx's header filters: not_modified, headers,
// ssi, range, chunked, header; and the bodies that they imply.

namespace firstfin::nginx {

namespace {

/// Files up to this size are read right behind the header: one send does for both.
constexpr std::int64_t most_read = 32'768;

bool takes_headers(int status) {
    switch (status) {
        case 200:
        case 201:
        case 204:
        case 206:
        case 301:
        case 302:
        case 303:
        case 304:
        case 307:
        case 308:
            return true;
        default:
            return false;
    }
}

/// ngx_next_temp_number: as nginx has it, a worker's counter.
std::string next_boundary() {
    static std::atomic<std::uint64_t> last{0};
    return fmt::format("{:020}", ++last);
}

}  // namespace

void answering::set_content_type() {
    if (const auto extension = extension_of(out_.uri); !extension.empty()) {
        if (const auto* type = location_->types->find(extension)) {
            head_.content_type = *type;
            return;
        }
    }
    head_.content_type = location_->values->default_type.value;
}

int answering::send(const content& body) {
    if (err_status_ != 0) head_.status = err_status_;
    allows_ranges_ = body.allows_ranges;
    head_.accepts_ranges = false;
    if (head_.status == 200)
        if (const int status = preconditions()) return status;
    if (!location_->headers.empty()) add_headers();
    if (location_->values->ssi.value) ssi();
    if (const int status = ranges(body)) return status;
    chunking();
    write_head();
    write_body(body);
    return done;
}

int answering::preconditions() {
    switch (check_preconditions(request_.headers, {head_.last_modified, head_.etag})) {
        case precondition::send:
            break;
        case precondition::failed:
            // ngx_http_filter_finalize_request: nothing that was said stays.
            head_ = {};
            has_location_ = false;
            filter_failed_ = true;
            return 412;
        case precondition::not_modified:
            head_.status = 304;
            head_.content_type = {};
            head_.content_length = -1;
            allows_ranges_ = false;
            break;
    }
    return done;
}

void answering::add_headers() {
    const bool takes = takes_headers(head_.status);
    std::string value;
    header_parts parts;
    for (const auto& each : location_->headers) {
        if (!takes && !each.always) continue;
        parts = {head_.content_type, head_.content_length, head_.last_modified,
                 has_location_ ? std::string_view(location_value_) : std::string_view(), head_.etag};
        auto at = now();
        at.status = head_.status;
        at.parts = &parts;
        const auto text = each.value.value(value, at);
        switch (each.what) {
            case served_header::kind::line:
                if (!text.empty()) head_.add_line(each.name, text);
                break;
            case served_header::kind::etag:
                head_.etag = std::string(text);
                break;
            case served_header::kind::last_modified:
                head_.last_modified = -1;
                if (!text.empty()) head_.add_line(each.name, text);
                break;
        }
    }
}

// Nothing is included: the filter is here for what it does to a header. The length is not known any more.
void answering::ssi() {
    if (head_.content_length == 0 || head_.content_type != "text/html") return;
    head_.content_length = -1;
    head_.last_modified = -1;
    head_.etag.clear();
    allows_ranges_ = false;
}

int answering::ranges(const content& body) {
    ranges_.clear();
    if (!allows_ranges_ || version_ < http_request::http_1_0 || head_.status != 200 || head_.content_length == -1)
        return done;
    const auto line = request_.headers.find("Range");
    const auto wish = line && range_counts(request_.headers, {head_.last_modified, head_.etag})
                          ? read_ranges(*line, body.size, ranges_)
                          : range_wish::whole;
    if (wish == range_wish::whole) {
        ranges_.clear();
        head_.accepts_ranges = true;
        return done;
    }
    if (wish == range_wish::unsatisfiable) {
        ranges_.clear();
        head_.status = 416;
        head_.content_length = -1;
        head_.add_line("Content-Range", fmt::format("bytes */{}", body.size));
        return 416;
    }
    head_.status = 206;
    if (ranges_.size() == 1) {
        const auto [begin, end] = ranges_.front();
        head_.content_length = end - begin;
        head_.add_line("Content-Range", fmt::format("bytes {}-{}/{}", begin, end - 1, body.size));
        return done;
    }
    boundary_ = next_boundary();
    part_type_ = head_.content_type;
    content_type_ = "multipart/byteranges; boundary=" + boundary_;
    head_.content_type = content_type_;
    head_.content_length = static_cast<std::int64_t>(boundary_.size()) + 8;
    for (const auto& each : ranges_)
        head_.content_length += static_cast<std::int64_t>(part_head(each, body.size).size()) + each.end - each.begin;
    return done;
}

std::string answering::part_head(const byte_range& part, std::int64_t size) const {
    return fmt::format("\r\n--{}\r\nContent-Type: {}\r\nContent-Range: bytes {}-{}/{}\r\n\r\n", boundary_, part_type_,
                       part.begin, part.end - 1, size);
}

bool answering::head_only() const {
    return verb_ == http_request::method::head || head_.status == 204 || head_.status == 304;
}

void answering::chunking() {
    head_.chunked = false;
    if (head_.content_length != -1 || head_only() || head_.status < 200) return;
    if (version_ >= http_request::http_1_1 && location_->values->chunked_transfer_encoding.value)
        head_.chunked = true;
    else
        keeps_alive_ = false;
}

void answering::write_head() {
    if (what_.exiting) keeps_alive_ = false;
    out_.status = head_.status;
    // An error that a filter answers is one to its caller too, which then ends the connection: the header does not
    // know of that.
    out_.says_keep_alive = keeps_alive_;
    out_.keeps_alive = keeps_alive_ && !filter_failed_;
    out_.ends_at_once = filter_failed_;
    out_.values = location_->values;
    out_.location = location_;
    out_.rate = location_->rate(now());
    out_.bytes.clear();
    head_.keeps_alive = keeps_alive_;
    if (version_ < http_request::http_1_0) {
        if (has_location_) append_line(head_.earlier, "Location", location_value_);
        append_head(out_.unsent_head, head_, what_, *server_, *location_);
        return;
    }
    if (head_.status != 200 && head_.status != 206 && head_.status != 304) head_.last_modified = -1;
    if (head_.status == 204) {
        head_.content_type = {};
        head_.content_length = -1;
    }
    if (has_location_) {
        if (location_value_.starts_with('/') && location_->values->absolute_redirect.value)
            head_.relative_location = location_value_;
        else
            append_line(head_.earlier, "Location", location_value_);
    }
    append_head(out_.bytes, head_, what_, *server_, *location_);
    out_.head_size = out_.bytes.size();
}

void answering::write_body(const content& body) {
    if (version_ >= http_request::http_1_0 && head_only()) return;
    if (!head_.chunked) return write_content(body);
    const auto size = body.fd >= 0 ? body.size : static_cast<std::int64_t>(body.text.size() + body.text_behind.size());
    write_text(fmt::format("{:x}\r\n", size));
    write_content(body);
    write_text("\r\n0\r\n\r\n");
}

void answering::write_content(const content& body) {
    if (body.fd < 0) {
        write_text(body.text);
        write_text(body.text_behind);
    } else if (ranges_.empty()) {
        write_file(body, 0, body.size);
    } else if (ranges_.size() == 1) {
        write_file(body, ranges_.front().begin, ranges_.front().end - ranges_.front().begin);
    } else {
        for (const auto& each : ranges_) {
            write_text(part_head(each, body.size));
            write_file(body, each.begin, each.end - each.begin);
        }
        write_text(fmt::format("\r\n--{}--\r\n", boundary_));
    }
}

void answering::write_text(std::string_view text) {
    if (text.empty()) return;
    if (out_.rest.empty()) {
        out_.bytes.append(text);
    } else {
        if (out_.rest.back().file) out_.rest.emplace_back();
        out_.rest.back().text.append(text);
    }
}

void answering::write_file(const content& body, std::int64_t begin, std::int64_t size) {
    if (size == 0) return;
    if (out_.rest.empty() && size <= most_read) {
        auto& bytes = out_.bytes;
        const auto at = bytes.size();
        bytes.resize(at + static_cast<std::size_t>(size));
        const auto got = ::pread(body.fd, bytes.data() + at, static_cast<std::size_t>(size), begin);
        if (got == size) return;
        // It was cut short meanwhile: the length is promised, so only an early end can tell the client.
        bytes.resize(at + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        out_.keeps_alive = false;
        out_.ends_at_once = true;
        return;
    }
    if (!file_ || file_->fd() != body.fd) file_ = std::make_shared<const open_file>(body.fd);
    out_.rest.push_back({{}, file_, begin, size});
}

}  // namespace firstfin::nginx
