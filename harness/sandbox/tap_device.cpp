#include "harness/sandbox/tap_device.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

namespace firstfin::sandbox {

namespace {

constexpr auto device_file = "/dev/net/tun";

ifreq request_for(const char* name) {
    ifreq request{};
    std::strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    return request;
}

std::string remedy(int error) {
    switch (error) {
        case EACCES:
            return fmt::format("let users open it: sudo chmod 666 {}", device_file);
        case ENOENT:
        case ENODEV:
        case ENXIO:
            return fmt::format(
                "load the module: sudo modprobe tun (or a kernel built with CONFIG_TUN); in a container, start it with "
                "--device {}",
                device_file);
        case EPERM:
            return fmt::format("in a container, start it with --device {} and --cap-add NET_ADMIN", device_file);
        default:
            return "see the message before";
    }
}

}  // namespace

unique_fd open_tap(const network_namespace& inside, const char* name, const rtnetlink::mac_address& mac) {
    const netns_scope scope(inside);  // the device file remembers the namespace it was opened in
    unique_fd device(check("open /dev/net/tun", ::open(device_file, O_RDWR | O_CLOEXEC | O_NONBLOCK)));
    auto wanted = request_for(name);
    wanted.ifr_flags = IFF_TAP | IFF_NO_PI;
    check("make a TAP interface", ::ioctl(device.get(), TUNSETIFF, &wanted));

    const unique_fd any_socket(check("open a socket for ioctl", ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    auto hardware = request_for(name);
    hardware.ifr_hwaddr.sa_family = ARPHRD_ETHER;
    std::ranges::copy(mac, hardware.ifr_hwaddr.sa_data);
    check("set the Ethernet address of a TAP interface", ::ioctl(any_socket.get(), SIOCSIFHWADDR, &hardware));
    return device;
}

std::optional<std::string> missing_tap() {
    try {
        (void)open_tap(network_namespace::create(), "ff0", {0x02, 0, 0, 0, 0, 0x01});
        return std::nullopt;
    } catch (const boost::system::system_error& error) {
        return fmt::format("{}. Remedy: {}", error.what(), remedy(error.code().value()));
    }
}

}  // namespace firstfin::sandbox
