#include "harness/cli/environment.hpp"

#include <sys/utsname.h>

#include <boost/version.hpp>
#include <fstream>
#include <string>
#include <thread>

#include "core/version.hpp"
#include "harness/sandbox/sysctl.hpp"

namespace firstfin::cli {

namespace {

std::string processor_name() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return "unknown";
}

}  // namespace

store::text_pairs describe_environment(sandbox::kind where) {
    const bool host = where == sandbox::kind::loopback;
    // In a namespace made like a stage's: the host's own values may differ, and play no part there.
    const auto inside = host ? sandbox::network_namespace::own() : sandbox::network_namespace::create();
    utsname system{};
    ::uname(&system);
    store::text_pairs out{
        {"firstfin", std::string(version)},
        {"sandbox", std::string(to_text(where))},
        {"witnesses", host ? "two: sockets, subjects (no wire: nothing can be captured without privilege)"
                           : "three: wire, sockets, subjects"},
        {"boost", BOOST_LIB_VERSION},
        {"compiler", __VERSION__},
        {"kernel", std::string(system.sysname) + " " + system.release},
        {"machine", system.machine},
        {"processor", processor_name()},
        {"processors", std::to_string(std::thread::hardware_concurrency())},
        {"time_wait", "60 s (TCP_TIMEWAIT_LEN, fixed on Linux)"}};
    for (const auto* name : {"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps",
                             "net.ipv4.ip_local_port_range", "net.ipv4.tcp_rfc1337"})
        if (sandbox::has_sysctl(inside, name)) out.emplace_back(name, sandbox::get_sysctl(inside, name));
    return out;
}

}  // namespace firstfin::cli
