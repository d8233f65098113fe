#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "harness/sandbox/network_namespace.hpp"

namespace firstfin::witness {

/// A group of counters in a file of /proc/net, by the names the kernel prints above the numbers.
class counter_group {
public:
    /// `file` is "snmp" or "netstat", `group` what stands before the colon: "Tcp", "TcpExt".
    counter_group(const sandbox::network_namespace& inside, std::string_view file, std::string_view group);

    [[nodiscard]] std::map<std::string, std::uint64_t, std::less<>> all() const;
    /// Throws for a name this kernel does not count.
    [[nodiscard]] std::uint64_t value(std::string_view name) const;

private:
    std::string group_;
    sandbox::unique_fd file_;  // shows the namespace it was opened in, read from anywhere
};

/// The TcpExt counters of a namespace (/proc/net/netstat). The names are the kernel's and can mislead: TCPAbortOnData
/// counts closes with SO_LINGER 0, TCPAbortOnClose counts closes over unread data.
class tcp_ext_counters : public counter_group {
public:
    explicit tcp_ext_counters(const sandbox::network_namespace& inside) : counter_group(inside, "netstat", "TcpExt") {}
};

/// Entries the kernel refused since this object was made because tcp_max_tw_buckets was reached. The connection then
/// has no TIME_WAIT although it should, and nothing else tells: a cell during which this moved is invalid.
class overflow_counter {
public:
    explicit overflow_counter(const sandbox::network_namespace& inside);

    [[nodiscard]] std::uint64_t lost() const;

private:
    tcp_ext_counters counters_;
    std::uint64_t before_;
};

}  // namespace firstfin::witness
