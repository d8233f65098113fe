#include "harness/sandbox/sysctl.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace firstfin::sandbox {

namespace {

// Letters, digits, '_' and '-' between single dots. So "..", "/" and a name that leaves /proc/sys/net cannot be
// written.
bool is_net_name(std::string_view name) {
    if (!name.starts_with("net.") || name.ends_with('.') || name.find("..") != name.npos) return false;
    return std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
               c == '.';
    });
}

std::string path_of(std::string_view name) {
    if (!is_net_name(name)) fail(fmt::format("sysctl '{}': only names below net. can be used", name), EINVAL);
    std::string path = fmt::format("/proc/sys/{}", name);
    std::ranges::replace(path, '.', '/');
    return path;
}

// /proc/sys/net shows the namespace of the thread that opens the file, and the descriptor keeps it.
unique_fd open_inside(const network_namespace& inside, std::string_view name, int mode) {
    const auto path = path_of(name);
    const netns_scope scope(inside);
    const int fd = ::open(path.c_str(), mode | O_CLOEXEC);
    const int error = errno;
    if (fd >= 0) return unique_fd(fd);
    if (error == ENOENT)
        fail(fmt::format("sysctl {}: unknown inside a network namespace (a misspelling, another kernel version, a "
                         "setting of the whole host, or one for root's namespaces alone)",
                         name),
             error);
    fail(fmt::format("open sysctl {}", name), error);
}

}  // namespace

void set_sysctl(const network_namespace& inside, std::string_view name, std::string_view value) {
    const auto file = open_inside(inside, name, O_WRONLY);
    if (value.empty()) fail(fmt::format("sysctl {}: no value given", name), EINVAL);  // writing nothing would succeed
    if (::write(file.get(), value.data(), value.size()) < 0) {
        const int error = errno;
        fail(fmt::format("sysctl {}: the kernel refused '{}'", name, value), error);
    }
}

std::string get_sysctl(const network_namespace& inside, std::string_view name) {
    const auto file = open_inside(inside, name, O_RDONLY);
    std::array<char, 4096> buffer;  // the kernel's own limit for these files is a page
    const auto size = check("read sysctl", name, ::read(file.get(), buffer.data(), buffer.size()));
    std::string value(buffer.data(), static_cast<std::size_t>(size));
    std::ranges::replace(value, '\t', ' ');
    while (!value.empty() && (value.back() == '\n' || value.back() == ' '))
        value.pop_back();
    return value;
}

bool has_sysctl(const network_namespace& inside, std::string_view name) {
    const auto path = path_of(name);
    const netns_scope scope(inside);
    return ::access(path.c_str(), F_OK) == 0;
}

}  // namespace firstfin::sandbox
