#include "client/target.hpp"

#include <fmt/format.h>
#include <netdb.h>

#include <charconv>
#include <cstring>
#include <memory>

namespace firstfin::client {

namespace {

parse_error not_a_target(std::string_view url, std::string_view why) {
    return parse_error(fmt::format("'{}' {}: expected for example http://127.0.0.1:8080/path", url, why));
}

result<std::uint16_t> parse_port(std::string_view text) {
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (failed != std::errc{} || end != text.data() + text.size() || port == 0) return parse_error("has no valid port");
    return port;
}

}  // namespace

result<target> parse_target(std::string_view url) {
    constexpr std::string_view scheme = "http://";
    if (url.starts_with("https://")) return not_a_target(url, "asks for TLS, which this client does not speak");
    if (!url.starts_with(scheme)) return not_a_target(url, "is not an http:// URL");
    auto rest = url.substr(scheme.size());
    rest = rest.substr(0, rest.find('#'));

    target out;
    const auto path_begin = rest.find_first_of("/?");
    out.authority = rest.substr(0, path_begin);
    if (path_begin != std::string_view::npos) out.path = rest.substr(path_begin);
    if (out.path.starts_with('?')) out.path.insert(0, "/");
    for (const char c : url)
        if (c <= ' ' || c == 0x7f) return not_a_target(url, "contains a space or a control character");
    if (out.authority.find('@') != std::string::npos)
        return not_a_target(url, "contains a user name, which is never sent");

    const std::string_view authority = out.authority;
    const auto bracket = authority.find(']');
    const auto colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    out.host = authority.substr(0, colon);
    if (colon != std::string_view::npos) {
        const auto port = parse_port(authority.substr(colon + 1));
        if (!port) return not_a_target(url, port.error().message);
        out.port = *port;
    }
    if (out.host.starts_with('[')) {
        if (!out.host.ends_with(']')) return not_a_target(url, "has an unfinished IPv6 address");
        out.host = out.host.substr(1, out.host.size() - 2);
    }
    if (out.host.empty()) return not_a_target(url, "names no host");
    return out;
}

std::vector<endpoint> resolve(const target& where) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_NUMERICSERV;
    addrinfo* first = nullptr;
    const auto failed = ::getaddrinfo(where.host.c_str(), std::to_string(where.port).c_str(), &wanted, &first);
    if (failed != 0)
        throw bad_input(fmt::format("cannot find the address of '{}': {}", where.host,
                                    failed == EAI_SYSTEM ? std::strerror(errno) : ::gai_strerror(failed)));
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, &::freeaddrinfo);
    std::vector<endpoint> out;
    for (const auto* each = first; each != nullptr; each = each->ai_next) {
        endpoint found;
        if (each->ai_addrlen > found.capacity()) continue;
        std::memcpy(found.data(), each->ai_addr, each->ai_addrlen);
        found.resize(each->ai_addrlen);
        out.push_back(found);
    }
    if (out.empty()) throw bad_input(fmt::format("'{}' has no IP address", where.host));
    return out;
}

}  // namespace firstfin::client
