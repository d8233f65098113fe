#include "harness/sandbox/network_namespace.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <exception>

namespace firstfin::sandbox {

namespace {

// thread-self, not self: a namespace belongs to the thread, and /proc/self shows the main thread's.
unique_fd open_current() {
    return unique_fd(check("open /proc/thread-self/ns/net", ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC)));
}

void bring_loopback_up() {
    const unique_fd any_socket(check("open a socket for ioctl", ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)));
    ifreq request{};
    std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
    check("read the flags of lo", ::ioctl(any_socket.get(), SIOCGIFFLAGS, &request));
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    check("bring lo up", ::ioctl(any_socket.get(), SIOCSIFFLAGS, &request));
}

}  // namespace

network_namespace network_namespace::create() {
    netns_return home;
    home.enter_new();
    network_namespace made(open_current());
    bring_loopback_up();
    return made;
}

network_namespace network_namespace::own() {
    network_namespace here(open_current());
    here.own_ = true;
    return here;
}

netns_return::netns_return() : home_(open_current()) {}

void netns_return::enter(const network_namespace& inside) {
    if (inside.is_own()) return;
    check("enter a network namespace", ::setns(inside.fd(), CLONE_NEWNET));
    left_ = true;
}

void netns_return::enter_new() {
    // Leaving can be allowed where returning is not: in a user namespace that does not own the network namespace.
    check("make a network namespace and come back", ::setns(home_.get(), CLONE_NEWNET));
    check("make a network namespace", ::unshare(CLONE_NEWNET));
    left_ = true;
}

netns_return::~netns_return() {
    if (!left_ || ::setns(home_.get(), CLONE_NEWNET) == 0) return;
    // Carrying on in the wrong namespace would forge every later observation of this thread.
    std::perror("firstfin: cannot return to the network namespace this thread came from");
    std::terminate();
}

netns_scope::netns_scope(const network_namespace& inside) {
    home_.enter(inside);
}

}  // namespace firstfin::sandbox
