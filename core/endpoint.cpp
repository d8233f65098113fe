#include "core/endpoint.hpp"

#include <boost/container_hash/hash.hpp>
#include <charconv>

#include <fmt/format.h>

namespace firstfin {

result<endpoint> parse_endpoint(std::string_view text) {
    const auto wrong = [text] {
        return parse_error(
            fmt::format("'{}' is not an address and port: expected for example 127.0.0.1:8080 or [::1]:8080", text));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return wrong();
    auto host = text.substr(0, colon);
    const auto port_text = text.substr(colon + 1);
    const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
    if (bracketed) host = host.substr(1, host.size() - 2);
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(port_text.data(), port_text.data() + port_text.size(), port);
    if (failed != std::errc{} || end != port_text.data() + port_text.size()) return wrong();
    boost::system::error_code not_an_address;
    const auto parsed = boost::asio::ip::make_address(host, not_an_address);
    if (not_an_address || parsed.is_v6() != bracketed) return wrong();
    return endpoint(parsed, port);
}

std::string to_text(const endpoint& value) {
    const auto host = value.address().to_string();
    return value.address().is_v6() ? fmt::format("[{}]:{}", host, value.port())
                                   : fmt::format("{}:{}", host, value.port());
}

endpoint without_mapping(const endpoint& value) {
    if (!value.address().is_v6() || !value.address().to_v6().is_v4_mapped()) return value;
    return endpoint(boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, value.address().to_v6()),
                    value.port());
}

std::size_t four_tuple_hash::operator()(const four_tuple& tuple) const {
    std::size_t seed = 0;
    for (const auto& end : {tuple.client, tuple.server}) {
        boost::hash_combine(seed, std::hash<address>{}(end.address()));
        boost::hash_combine(seed, end.port());
    }
    return seed;
}

}  // namespace firstfin
