#include "server/nginx_conf/address.hpp"

#include <fmt/format.h>
#include <sys/un.h>

#include "server/nginx_conf/values.hpp"

namespace firstfin::nginx_conf {

namespace {

constexpr auto none = std::string_view::npos;

struct port_range {
    std::uint16_t first = 0;
    std::uint16_t last = 0;
};

std::optional<std::uint16_t> parse_port(std::string_view text) {
    const auto number = parse_number(text);
    if (!number || *number < 1 || *number > 65535) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
}

result<port_range> parse_ports(std::string_view text, bool range_allowed) {
    const auto dash = range_allowed ? text.find('-') : none;
    const auto first = parse_port(text.substr(0, dash));
    const auto last = dash == none ? first : parse_port(text.substr(dash + 1));
    if (!first || !last) return parse_error("invalid port");
    if (*first > *last) return parse_error("invalid port range");
    return port_range{*first, *last};
}

result<address> parse_unix(std::string_view text, uri_part uri) {
    address out;
    out.kind = address::family::unix_socket;
    auto path = text.substr(5);
    if (uri == uri_part::allowed) {
        const auto colon = path.find(':');
        if (colon != none) out.uri = path.substr(colon + 1);
        path = path.substr(0, colon);
    }
    if (path.empty()) return parse_error("no path in the unix domain socket");
    if (path.size() >= sizeof(sockaddr_un{}.sun_path)) return parse_error("too long path in the unix domain socket");
    out.host = path;
    return out;
}

/// Takes "/..." (or "?...") off the end of `text`.
std::optional<parse_error> split_uri(std::string_view& text, std::size_t from, bool question_mark, uri_part uri,
                                     address& out) {
    const auto begin = text.find_first_of(question_mark ? "/?" : "/", from);
    if (begin == none) return std::nullopt;
    if (uri == uri_part::refused) return parse_error("invalid host");
    out.uri = text.substr(begin);
    text = text.substr(0, begin);
    return std::nullopt;
}

result<address> parse_inet6(std::string_view text, std::uint16_t default_port, bool listening, uri_part uri) {
    const auto close = text.find(']');
    if (close == none) return parse_error("invalid host");
    address out;
    out.kind = address::family::ipv6;
    if (const auto failed = split_uri(text, close, false, uri, out)) return *failed;
    out.port = out.last_port = default_port;
    if (const auto rest = text.substr(close + 1); !rest.empty()) {
        if (rest[0] != ':') return parse_error("invalid host");
        const auto ports = parse_ports(rest.substr(1), listening);
        if (!ports) return ports.error();
        out.port = ports->first;
        out.last_port = ports->last;
        out.port_given = true;
    }
    const auto inside = text.substr(1, close - 1);
    if (inside.empty()) return parse_error("no host");
    const auto ip = parse_ipv6(inside);
    if (!ip) return parse_error("invalid IPv6 address");
    out.ip = *ip;
    return out;
}

result<address> parse_inet(std::string_view text, std::uint16_t default_port, bool listening, uri_part uri) {
    address out;
    if (const auto failed = split_uri(text, 0, true, uri, out)) return *failed;
    out.port = out.last_port = default_port;
    const auto colon = text.find(':');
    if (colon != none) {
        const auto ports = parse_ports(text.substr(colon + 1), listening);
        if (!ports) return ports.error();
        out.port = ports->first;
        out.last_port = ports->last;
        out.port_given = true;
    } else if (listening && parse_number(text.substr(0, text.find('-')))) {
        // "8080" or "8080-8090"; "8080-x" could still be somebody's host name.
        const auto dash = text.find('-');
        if (dash == none || parse_number(text.substr(dash + 1))) {
            const auto ports = parse_ports(text, true);
            if (!ports) return ports.error();
            out.port = ports->first;
            out.last_port = ports->last;
            out.port_given = true;
            out.ip = boost::asio::ip::address_v4::any();
            return out;
        }
    }
    const auto host = text.substr(0, colon);
    if (host.empty()) return parse_error("no host");
    if (listening && host == "*") {
        out.ip = boost::asio::ip::address_v4::any();
        return out;
    }
    if (const auto ip = parse_ipv4(host)) {
        out.ip = *ip;
    } else {
        out.kind = address::family::name;
        out.host = host;
    }
    return out;
}

result<address> parse(std::string_view text, std::uint16_t default_port, bool listening, uri_part uri) {
    if (text.size() >= 5 && same_ignoring_case(text.substr(0, 5), "unix:")) return parse_unix(text, uri);
    if (text.starts_with('[')) return parse_inet6(text, default_port, listening, uri);
    return parse_inet(text, default_port, listening, uri);
}

}  // namespace

std::optional<boost::asio::ip::address_v4> parse_ipv4(std::string_view text) {
    std::uint32_t whole = 0;
    std::uint32_t octet = 0;
    int dots = 0;
    for (const auto ch : text) {
        if (ch >= '0' && ch <= '9') {
            octet = octet * 10 + static_cast<std::uint32_t>(ch - '0');
            if (octet > 255) return std::nullopt;
        } else if (ch == '.' && ++dots <= 3) {
            whole = whole << 8U | octet;
            octet = 0;
        } else {
            return std::nullopt;
        }
    }
    whole = whole << 8U | octet;
    // INADDR_NONE is its way to say no.
    if (dots != 3 || whole == 0xffffffff) return std::nullopt;
    return boost::asio::ip::address_v4(whole);
}

std::optional<boost::asio::ip::address_v6> parse_ipv6(std::string_view text) {
    boost::system::error_code failed;
    const auto ip = boost::asio::ip::make_address_v6(std::string(text), failed);
    // Asio knows scopes ("fe80::1%eth0"), nginx does not.
    if (failed || text.find('%') != none) return std::nullopt;
    return ip;
}

std::string to_text(const address& where) {
    switch (where.kind) {
        case address::family::unix_socket:
            return "unix:" + where.host;
        case address::family::ipv6:
            return fmt::format("[{}]:{}", where.ip.to_string(), where.port);
        case address::family::ipv4:
            return fmt::format("{}:{}", where.ip.to_string(), where.port);
        case address::family::name:
            return fmt::format("{}:{}", where.host, where.port);
    }
    return {};
}

result<address> parse_listen_address(std::string_view text) {
    return parse(text, 80, true, uri_part::refused);
}

result<address> parse_upstream_address(std::string_view text, std::uint16_t default_port, uri_part uri) {
    return parse(text, default_port, false, uri);
}

}  // namespace firstfin::nginx_conf
