#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "core/endpoint.hpp"
#include "core/profile.hpp"
#include "harness/doctor/attempting.hpp"
#include "harness/doctor/programs.hpp"
#include "harness/doctor/sandbox_probe.hpp"
#include "harness/states/socket_listing.hpp"

namespace firstfin::doctor {

namespace fs = std::filesystem;

namespace {

std::optional<std::int64_t> number_in(const char* file) {
    std::ifstream in(file);
    std::int64_t out = 0;
    return in >> out ? std::optional(out) : std::nullopt;
}

/// A line "NAME: value" of a file such as /proc/self/status.
std::uint64_t field_of(const char* file, std::string_view name) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(name)) continue;
        std::istringstream words(line.substr(name.size()));
        std::uint64_t out = 0;
        words >> out;
        return out;
    }
    return 0;
}

std::string container() {
    std::error_code none;
    if (fs::exists("/.dockerenv", none)) return "docker";
    if (fs::exists("/run/.containerenv", none)) return "podman";
    std::ifstream in("/run/systemd/container");  // lxc, systemd-nspawn, ...
    std::string kind;
    std::getline(in, kind);
    return kind;
}

void listen_on_loopback() {
    const endpoint at(boost::asio::ip::make_address("127.0.0.2"), 0);
    const sandbox::unique_fd socket(sandbox::check("open a socket", ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)));
    sandbox::check("bind 127.0.0.2", ::bind(socket.get(), at.data(), static_cast<socklen_t>(at.size())));
    sandbox::check("listen on 127.0.0.2", ::listen(socket.get(), 1));
}

void look_for_own_programs() {
    const auto folder = fs::read_symlink("/proc/self/exe").parent_path();
    for (const auto* name : {"firstfin-server", "firstfin-client"})
        if (::access((folder / name).c_str(), X_OK) != 0)
            throw std::runtime_error(fmt::format("{} is missing", (folder / name).string()));
}

std::optional<std::pair<std::uint32_t, std::uint32_t>> port_range() {
    std::ifstream in("/proc/sys/net/ipv4/ip_local_port_range");
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    if (in >> first >> last) return std::pair{first, last};
    return std::nullopt;
}

}  // namespace

facts gather_facts() {
    facts out;
    utsname system{};
    ::uname(&system);
    out.kernel = system.release;
    out.root = ::geteuid() == 0;
    out.seccomp = static_cast<int>(field_of("/proc/self/status", "Seccomp:"));
    out.container = container();
    out.unprivileged_userns_clone = number_in("/proc/sys/kernel/unprivileged_userns_clone");
    out.apparmor_restrict_userns = number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
    out.max_user_namespaces = number_in("/proc/sys/user/max_user_namespaces");
    out.as_root = try_sandbox(who::root);
    out.as_user = try_sandbox(who::user);
    out.loopback = trying(listen_on_loopback);
    out.socket_tables = trying([] { states::socket_listing().for_each([](const states::counted_socket&) {}); });
    out.own_programs = trying(look_for_own_programs);
    out.profiles = trying([] { (void)catalogue::load_installed(); });
    out.ipv6 = fs::exists("/proc/net/if_inet6");
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    out.open_files_soft = files.rlim_cur;
    out.open_files_hard = files.rlim_max;
    out.memory_available = field_of("/proc/meminfo", "MemAvailable:") * 1024;
    out.tw_buckets = number_in("/proc/sys/net/ipv4/tcp_max_tw_buckets");
    out.ports = port_range();
    out.programs = find_programs();
    return out;
}

}  // namespace firstfin::doctor
