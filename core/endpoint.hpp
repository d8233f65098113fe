#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <compare>
#include <functional>
#include <string>
#include <string_view>

#include "core/parse_error.hpp"

namespace firstfin {

using address = boost::asio::ip::address;
using endpoint = boost::asio::ip::tcp::endpoint;

/// "127.0.0.1:8080" or "[::1]:8080".
[[nodiscard]] result<endpoint> parse_endpoint(std::string_view text);
[[nodiscard]] std::string to_text(const endpoint& value);

/// v4-mapped addresses of dual-stack servers compare equal to the plain form after this.
[[nodiscard]] endpoint without_mapping(const endpoint& value);

/// A connection's name, the same at both ends: links never translate addresses. Ports come back, so time belongs to it
/// too.
struct four_tuple {
    endpoint client;
    endpoint server;

    friend bool operator==(const four_tuple&, const four_tuple&) = default;
};

struct four_tuple_hash {
    std::size_t operator()(const four_tuple& tuple) const;
};

}  // namespace firstfin
