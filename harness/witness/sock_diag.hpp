#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "harness/sandbox/netlink_socket.hpp"
#include "harness/witness/sock_diag_message.hpp"

namespace firstfin::witness {

/// How many sockets are in each state.
class state_counts {
public:
    void add(tcp_state state) { ++counts_.at(static_cast<std::size_t>(state)); }
    [[nodiscard]] std::size_t operator[](tcp_state state) const { return counts_.at(static_cast<std::size_t>(state)); }
    [[nodiscard]] std::size_t total() const;

private:
    std::array<std::size_t, tcp_state_count> counts_{};
};

/// Which rows of a dump; 0 is any port. The kernel filters, and walks its whole table for each family all the same.
struct port_filter {
    std::uint16_t local = 0;
    std::uint16_t remote = 0;
    std::optional<tcp_state> state = {};  ///< this one alone, by sub-state as in count_states
    std::optional<int> family = {};       ///< AF_INET or AF_INET6 alone: a dual-stack socket is AF_INET6
};

/// The witness *sockets*: a namespace's TCP tables as the kernel tells them, without asking any program. Opened inside
/// the namespace, then usable from anywhere; keeps the namespace alive. Not for two threads at once.
class sock_diag {
public:
    /// Throws when this kernel cannot list TCP sockets: its single queries would then call every connection gone.
    explicit sock_diag(const sandbox::network_namespace& inside);

    /// The row of this connection at the end `local`; nothing when it is gone. Never the listening socket, which the
    /// kernel offers in place of a connection that is not there.
    [[nodiscard]] std::optional<socket_row> find(const endpoint& local, const endpoint& remote);
    [[nodiscard]] std::optional<tcp_state> query(const endpoint& local, const endpoint& remote);

    /// The same for many; answers in the order asked.
    [[nodiscard]] std::vector<std::optional<tcp_state>> query_batch(std::span<const connection_ends> asked);

    /// By sub-state: a FIN_WAIT_2 whose owner is gone lives where TIME_WAIT does and is counted as FIN_WAIT_2 all the
    /// same.
    [[nodiscard]] state_counts count_states(const port_filter& ports = {});

    /// Every socket of both families, or what the filter says. Not a snapshot: the kernel walks its table in pieces,
    /// and a connection that changes meanwhile may be missed or seen twice. `visit` must not use this object.
    void dump(const std::function<void(const socket_row&)>& visit, const port_filter& ports = {});

private:
    void ask(std::span<const connection_ends> asked, const std::function<void(std::size_t, const socket_row&)>& answer);
    void dump_family(int family, std::uint32_t states, const port_filter& ports,
                     const std::function<void(const inet_diag_msg&)>& visit);

    sandbox::netlink_socket socket_;
    std::vector<char> buffer_;
};

}  // namespace firstfin::witness
