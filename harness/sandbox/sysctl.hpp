#pragma once

#include <string>
#include <string_view>

#include "harness/sandbox/network_namespace.hpp"

// Sysctls of one network namespace, by their usual names ("net.ipv4.tcp_fin_timeout"). The host's are never touched: a
// name the kernel does not keep per namespace is an error, and so is anything outside net.
namespace firstfin::sandbox {

void set_sysctl(const network_namespace& inside, std::string_view name, std::string_view value);

/// As the kernel prints it, without the newline; values of several numbers are separated by single spaces.
[[nodiscard]] std::string get_sysctl(const network_namespace& inside, std::string_view name);

/// False for a name this kernel does not have inside a namespace.
[[nodiscard]] bool has_sysctl(const network_namespace& inside, std::string_view name);

}  // namespace firstfin::sandbox
