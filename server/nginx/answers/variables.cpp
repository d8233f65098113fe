#include "server/nginx/answers/variables.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "server/http_request/letters.hpp"
#include "server/nginx/answers/http_time.hpp"
#include "server/nginx/answers/path_mapping.hpp"
#include "server/nginx/answers/served.hpp"

namespace firstfin::nginx {

namespace {

using text = std::string_view;

bool put(std::string& out, text value) {
    out.append(value);
    return true;
}

/// What was not sent is not there; what was sent empty is.
bool put_if_there(std::string& out, text value) {
    return value.data() != nullptr && put(out, value);
}

template <class Number>
bool put_number(std::string& out, Number value) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
    out.append(digits, end);
    return true;
}

bool put_seconds(std::string& out, duration value) {
    const auto count = std::max<std::int64_t>(0, std::chrono::duration_cast<std::chrono::milliseconds>(value).count());
    fmt::format_to(std::back_inserter(out), "{}.{:03}", count / 1000, count % 1000);
    return true;
}

bool put_address(std::string& out, const endpoint& of) {
    const auto address = without_mapping(of).address();
    if (!address.is_v4()) return put(out, address.to_string());
    // In nearly every log line, so without the C library.
    const auto bytes = address.to_v4().to_bytes();
    for (std::size_t i = 0; i != bytes.size(); ++i) {
        if (i != 0) out.push_back('.');
        put_number(out, static_cast<unsigned>(bytes[i]));
    }
    return true;
}

/// "x-forwarded-for" is $http_x_forwarded_for.
bool is_named(text field, text wanted) {
    return field.size() == wanted.size() && std::equal(field.begin(), field.end(), wanted.begin(), [](char a, char b) {
               return (a == '-' ? '_' : http_request::lower(a)) == b;
           });
}

bool request_header(std::string& out, const moment& at, text name) {
    // nginx joins several Cookie and X-Forwarded-For lines; of others it takes the first, before 1.23.
    const text joint = name == "cookie" ? "; " : name == "x_forwarded_for" ? ", " : at.process.joins_lines ? ", " : "";
    const auto& headers = at.what.request.headers;
    bool found = false;
    for (std::size_t i = 0; i != headers.size(); ++i) {
        const auto [field, value] = headers[i];
        if (!is_named(field, name)) continue;
        if (found) out.append(joint);
        out.append(value);
        found = true;
        if (joint.empty()) break;
    }
    return found;
}

/// A line of the header that was written.
bool sent_line(std::string& out, text head, text name) {
    head.remove_prefix(std::min(head.size(), head.find("\r\n")));
    bool found = false;
    while (head.starts_with("\r\n")) {
        head.remove_prefix(2);
        const auto line = head.substr(0, head.find("\r\n"));
        head.remove_prefix(line.size());
        const auto colon = line.find(": ");
        if (colon == text::npos || !is_named(line.substr(0, colon), name)) continue;
        if (found) out.append(", ");
        out.append(line.substr(colon + 2));
        found = true;
        if (name != "cache_control" && name != "link") break;
    }
    return found;
}

bool sent_header(std::string& out, const moment& at, text name) {
    if (at.parts == nullptr) {
        // By the time nginx logs a request whose connection it keeps, it has cleared the flag that this shows.
        if (name == "connection") return put(out, at.keeps_alive ? "keep-alive" : "close");
        return (name != "keep_alive" || at.keeps_alive) && sent_line(out, at.head, name);
    }
    const auto& parts = *at.parts;
    if (name == "content_type") return !parts.content_type.empty() && put(out, parts.content_type);
    if (name == "content_length") return parts.content_length >= 0 && put_number(out, parts.content_length);
    if (name == "location") return put_if_there(out, parts.location);
    if (name == "etag") return !parts.etag.empty() && put(out, parts.etag);
    if (name == "connection") return put(out, at.keeps_alive ? "keep-alive" : "close");
    if (name == "last_modified" && parts.last_modified != -1) {
        append_http_time(out, parts.last_modified);
        return true;
    }
    return false;
}

/// name=value among parts that `separators` part: of the arguments, of a Cookie line.
bool named_part(std::string& out, text all, text name, char separator) {
    while (!all.empty()) {
        const auto part = all.substr(0, all.find(separator));
        all.remove_prefix(std::min(all.size(), part.size() + 1));
        const auto begin = std::min(part.size(), part.find_first_not_of(' '));
        const auto equals = part.find('=');
        if (equals == text::npos) continue;
        const auto key = part.substr(separator == ';' ? begin : 0, equals - (separator == ';' ? begin : 0));
        if (key.size() != name.size() || !std::equal(key.begin(), key.end(), name.begin(), [](char a, char b) {
                return http_request::lower(a) == http_request::lower(b);
            }))
            continue;
        return put(out, part.substr(equals + 1));
    }
    return false;
}

bool argument(std::string& out, const moment& at, text name) {
    return named_part(out, at.args, name, '&');
}

bool cookie(std::string& out, const moment& at, text name) {
    const auto& headers = at.what.request.headers;
    for (std::size_t i = 0; i != headers.size(); ++i)
        if (is_named(headers[i].name, "cookie") && named_part(out, headers[i].value, name, ';')) return true;
    return false;
}

struct entry {
    text name;
    variable::writer write;
};

constexpr auto table = std::to_array<entry>({
    {"args", [](std::string& out, const moment& at, text) { return at.has_args && put(out, at.args); }},
    {"body_bytes_sent", [](std::string& out, const moment& at, text) { return put_number(out, at.body_sent); }},
    {"bytes_sent", [](std::string& out, const moment& at, text) { return put_number(out, at.sent); }},
    {"connection",
     [](std::string& out, const moment& at, text) { return put_number(out, at.what.connection.number); }},
    {"connection_requests",
     [](std::string& out, const moment& at, text) { return put_number(out, at.what.connection.requests); }},
    {"connection_time",
     [](std::string& out, const moment& at, text) {
         return put_seconds(out, at.what.clock.now() - at.what.connection.accepted);
     }},
    {"content_length",
     [](std::string& out, const moment& at, text) { 
         // Of a chunked body that was read and dropped nginx knows the rest: nothing.
         return request_header(out, at, "content_length") ||
                (at.what.request.chunked && at.what.discard_error == 0 && put(out, "0"));
     }},
    {"content_type", [](std::string& out, const moment& at, text) { return request_header(out, at, "content_type"); }},
    {"document_root",
     [](std::string& out, const moment& at, text) {
         if (at.location == nullptr) return false;
         at.location->root.append(out, at);
         return true;
     }},
    {"document_uri", [](std::string& out, const moment& at, text) { return at.has_uri && put(out, at.uri); }},
    {"host",
     [](std::string& out, const moment& at, text) {
         const auto asked = at.what.request.host;
         return put(out, asked.empty() && at.server != nullptr ? text(at.server->name) : asked);
     }},
    {"hostname", [](std::string& out, const moment& at, text) { return put(out, at.process.hostname); }},
    {"https", [](std::string&, const moment&, text) { return true; }},
    {"is_args", [](std::string& out, const moment& at, text) { return put(out, at.args.empty() ? "" : "?"); }},
    {"limit_rate",
     [](std::string& out, const moment& at, text) {
         return put_number(out, at.location == nullptr ? 0 : at.location->rate(at));
     }},
    {"msec",
     [](std::string& out, const moment& at, text) {
         fmt::format_to(std::back_inserter(out), "{}.{:03}", at.what.clock.seconds(), at.what.clock.milliseconds());
         return true;
     }},
    {"nginx_version", [](std::string& out, const moment& at, text) { return put(out, at.process.version); }},
    {"pid", [](std::string& out, const moment&, text) { return put_number(out, ::getpid()); }},
    {"pipe", [](std::string& out, const moment& at, text) { return put(out, at.what.pipelined ? "p" : "."); }},
    {"query_string", [](std::string& out, const moment& at, text) { return at.has_args && put(out, at.args); }},
    {"remote_addr",
     [](std::string& out, const moment& at, text) { return put_address(out, at.what.connection.remote); }},
    {"remote_port",
     [](std::string& out, const moment& at, text) { return put_number(out, at.what.connection.remote.port()); }},
    {"remote_user", [](std::string&, const moment&, text) { return false; }},
    {"request", [](std::string& out, const moment& at, text) { return put_if_there(out, at.what.request.line); }},
    {"request_completion",
     [](std::string& out, const moment& at, text) { return put(out, at.complete ? "OK" : ""); }},
    {"request_filename",
     [](std::string& out, const moment& at, text) {
         if (at.location == nullptr) return false;
         append_file_path(out, at, at.uri);
         return true;
     }},
    {"request_length",
     [](std::string& out, const moment& at, text) { return put_number(out, at.what.header_size); }},
    {"request_method",
     [](std::string& out, const moment& at, text) {
         return put_if_there(out, at.became_get ? text("GET") : at.what.request.method_text);
     }},
    {"request_time",
     [](std::string& out, const moment& at, text) { return put_seconds(out, at.what.clock.now() - at.what.began); }},
    {"request_uri", [](std::string& out, const moment& at, text) { return put_if_there(out, at.what.request.target); }},
    {"scheme", [](std::string& out, const moment&, text) { return put(out, "http"); }},
    {"server_addr",
     [](std::string& out, const moment& at, text) { return put_address(out, at.what.connection.local); }},
    {"server_name",
     [](std::string& out, const moment& at, text) { return at.server != nullptr && put(out, at.server->name); }},
    {"server_port",
     [](std::string& out, const moment& at, text) { return put_number(out, at.what.connection.local.port()); }},
    {"server_protocol",
     [](std::string& out, const moment& at, text) {
         return at.what.request.protocol.empty() ? false : put(out, at.what.request.protocol);
     }},
    {"status",
     [](std::string& out, const moment& at, text) {
         if (at.status < 100) out.append(at.status < 10 ? "00" : "0");
         return put_number(out, at.status);
     }},
    {"time_iso8601", [](std::string& out, const moment& at, text) { return put(out, at.what.clock.iso_time()); }},
    {"time_local", [](std::string& out, const moment& at, text) { return put(out, at.what.clock.log_time()); }},
    {"uri", [](std::string& out, const moment& at, text) { return at.has_uri && put(out, at.uri); }},
});
static_assert(std::ranges::is_sorted(table, {}, &entry::name));

constexpr auto prefixes = std::to_array<entry>({
    {"arg_", argument},
    {"cookie_", cookie},
    {"http_", request_header},
    {"sent_http_", sent_header},
});

constexpr auto others_of_nginx = std::to_array<text>({
    "ancient_browser",
    "binary_remote_addr",
    "body_bytes_sent",
    "connections_active",
    "connections_reading",
    "connections_waiting",
    "connections_writing",
    "date_gmt",
    "date_local",
    "gzip_ratio",
    "http2",
    "http3",
    "invalid_referer",
    "limit_conn_status",
    "limit_req_status",
    "memcached_key",
    "modern_browser",
    "msie",
    "realip_remote_addr",
    "realip_remote_port",
    "realpath_root",
    "request_body",
    "request_body_file",
    "request_id",
    "request_port",
    "secure_link",
    "secure_link_expires",
    "slice_range",
    "uid_got",
    "uid_reset",
    "uid_set",
    "is_request_port",
});
constexpr auto other_prefixes_of_nginx =
    std::to_array<text>({"fastcgi_", "geoip_", "grpc_", "proxy_", "sent_trailer_", "ssl_", "tcpinfo_", "upstream_"});

}  // namespace

std::optional<variable> find_variable(std::string_view name) {
    const auto found = std::ranges::lower_bound(table, name, {}, &entry::name);
    if (found != table.end() && found->name == name) return variable(found->write, {});
    for (const auto& each : prefixes)
        if (name.size() > each.name.size() && name.starts_with(each.name))
            return variable(each.write, std::string(name.substr(each.name.size())));
    return std::nullopt;
}

variable empty_variable() {
    return {[](std::string&, const moment&, std::string_view) { return false; }, {}};
}

bool is_variable_of_nginx(std::string_view name) {
    return std::ranges::find(others_of_nginx, name) != others_of_nginx.end() ||
           std::ranges::any_of(other_prefixes_of_nginx, [&](text each) { return name.starts_with(each); });
}

}  // namespace firstfin::nginx
