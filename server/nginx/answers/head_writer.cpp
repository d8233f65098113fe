#include "server/nginx/answers/head_writer.hpp"

#include <charconv>

#include "server/nginx/answers/http_time.hpp"
#include "server/nginx/answers/served.hpp"
#include "server/nginx/answers/status_words.hpp"

namespace firstfin::nginx {

namespace {

constexpr std::string_view line_end = "\r\n";

void append_number(std::string& out, std::int64_t value) {
    char digits[24];
    out.append(digits, std::to_chars(std::begin(digits), std::end(digits), value).ptr);
}

/// The scheme, host and port that a redirect within the site begins with.
void append_origin(std::string& out, const exchange& what, const served_server& server,
                   const served_location& location) {
    out.append("http://");
    const auto local = without_mapping(what.connection.local);
    if (location.values->server_name_in_redirect.value) {
        out.append(server.name);
    } else if (!what.request.host.empty()) {
        out.append(what.request.host);
    } else if (local.address().is_v6()) {
        out.append("[").append(local.address().to_string()).append("]");
    } else {
        out.append(local.address().to_string());
    }
    if (location.values->port_in_redirect.value && local.port() != 80) {
        out.push_back(':');
        append_number(out, local.port());
    }
}

}  // namespace

void append_line(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ").append(value).append(line_end);
}

void response_head::add_line(std::string_view name, std::string_view value) {
    append_line(later, name, value);
}

void append_head(std::string& out, const response_head& head, const exchange& what, const served_server& server,
                 const served_location& location) {
    if (head.status == 200)
        out.append("HTTP/1.1 200 OK\r\n");
    else
        append_status_line(out, head.status);
    out.append(location.server_lines).append(what.clock.http_date()).append(line_end);
    if (!head.content_type.empty()) append_line(out, "Content-Type", head.content_type);
    if (head.content_length >= 0) {
        out.append("Content-Length: ");
        append_number(out, head.content_length);
        out.append(line_end);
    }
    if (head.last_modified != -1) {
        out.append("Last-Modified: ");
        append_http_time(out, head.last_modified);
        out.append(line_end);
    }
    if (!head.relative_location.empty()) {
        out.append("Location: ");
        append_origin(out, what, server, location);
        out.append(head.relative_location).append(line_end);
    }
    if (head.chunked) out.append("Transfer-Encoding: chunked\r\n");
    if (head.keeps_alive)
        out.append(location.kept_lines);
    else
        out.append("Connection: close\r\n");
    out.append(head.earlier);
    if (!head.etag.empty()) append_line(out, "ETag", head.etag);
    out.append(head.later);
    if (head.accepts_ranges) out.append("Accept-Ranges: bytes\r\n");
    out.append(line_end);
}

}  // namespace firstfin::nginx
