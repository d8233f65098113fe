#pragma once

#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

namespace firstfin::nginx_conf {

/// Where something listens or is reached (ngx_url_t). A host name stays a name: nothing is resolved here.
struct address {
    enum class family : std::uint8_t { ipv4, ipv6, unix_socket, name };

    family kind = family::ipv4;
    boost::asio::ip::address ip;  ///< for ipv4 and ipv6
    std::string host;             ///< a name's text or a socket's path
    std::uint16_t port = 0;       ///< 0 for a unix socket
    std::uint16_t last_port = 0;  ///< of a range "8080-8090"; otherwise the same as port
    bool port_given = false;
    std::string uri;  ///< what follows in a URL: "/path"

    [[nodiscard]] bool is_wildcard() const {
        return (kind == family::ipv4 || kind == family::ipv6) && ip.is_unspecified();
    }
};

/// Four numbers below 256 as nginx reads them (ngx_inet_addr): "010.0.0.1" is 10.0.0.1, and ".0.0.1" is 0.0.0.1.
[[nodiscard]] std::optional<boost::asio::ip::address_v4> parse_ipv4(std::string_view text);
[[nodiscard]] std::optional<boost::asio::ip::address_v6> parse_ipv6(std::string_view text);

/// "0.0.0.0:80", "[::]:80", "unix:/path", "name:80", as nginx writes addresses in its messages.
[[nodiscard]] std::string to_text(const address& where);

/// The first argument of `listen`: "8080", "*:80", "127.0.0.1", "[::1]:80", "unix:/path", "localhost:8080-8090".
[[nodiscard]] result<address> parse_listen_address(std::string_view text);

enum class uri_part : std::uint8_t { allowed, refused };

/// An upstream's address: "host:port", "host/uri" where a URI may follow. `default_port` 0 leaves the port out.
[[nodiscard]] result<address> parse_upstream_address(std::string_view text, std::uint16_t default_port, uri_part uri);

}  // namespace firstfin::nginx_conf
