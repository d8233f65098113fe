#include "harness/bench/run/local_address.hpp"

#include <ifaddrs.h>
#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "core/parse_error.hpp"

namespace firstfin::bench {

namespace {

bool is_at(const sockaddr& one, const address& where) {
    if (one.sa_family == AF_INET && where.is_v4()) {
        sockaddr_in v4{};
        std::memcpy(&v4, &one, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) == where.to_v4().to_uint();
    }
    if (one.sa_family == AF_INET6 && where.is_v6()) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &one, sizeof v6);
        const auto bytes = where.to_v6().to_bytes();
        return std::memcmp(&v6.sin6_addr, bytes.data(), bytes.size()) == 0;
    }
    return false;
}

}  // namespace

bool is_of_this_machine(const address& where) {
    if (where.is_loopback()) return true;
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0)
        throw environment_lacks(std::string("cannot list this machine's addresses: ") + std::strerror(errno));
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, ::freeifaddrs);
    for (const auto* each = first; each != nullptr; each = each->ifa_next)
        if (each->ifa_addr != nullptr && is_at(*each->ifa_addr, where)) return true;
    return false;
}

}  // namespace firstfin::bench
