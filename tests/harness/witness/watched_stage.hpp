#pragma once

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include <array>
#include <fstream>
#include <sstream>
#include <string>

#include "core/tcp_info.hpp"
#include "harness/sandbox/stage_network.hpp"
#include "harness/witness/capture.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {

/// All TCP segments that the kernel of this namespace sent and received, by its own count (/proc/net/snmp).
inline std::uint64_t segments_counted_in(const sandbox::network_namespace& inside) {
    const sandbox::netns_scope scope(inside);
    std::ifstream file("/proc/thread-self/net/snmp");
    std::uint64_t all = 0;
    for (std::string names, values; std::getline(file, names) && std::getline(file, values);) {
        if (!names.starts_with("Tcp:")) continue;
        std::istringstream name_of(names);
        std::istringstream value_of(values);
        for (std::string name, value; name_of >> name && value_of >> value;)
            if (name == "InSegs" || name == "OutSegs" || name == "RetransSegs") all += std::stoull(value);
    }
    return all;
}

/// The two ends of a connection over a stage.
struct tcp_pair {
    sandbox::unique_fd client;
    sandbox::unique_fd served;
};

inline void send_whole(int from, const std::string& text) {
    EXPECT_EQ(::send(from, text.data(), text.size(), 0), static_cast<ssize_t>(text.size()));
}
inline void await_bytes(int at, std::size_t count) {
    std::array<char, 4096> piece{};
    while (count > 0) {
        ASSERT_TRUE(await_readable(at));
        const auto got = ::recv(at, piece.data(), std::min(count, piece.size()), 0);
        ASSERT_GT(got, 0);
        count -= static_cast<std::size_t>(got);
    }
}
inline void exchange(const tcp_pair& both) {
    send_whole(both.client.get(), "?");
    await_bytes(both.served.get(), 1);
    send_whole(both.served.get(), "!");
    await_bytes(both.client.get(), 1);
}

/// The server closes first, then the client. Comes back when the last segment has arrived: nothing of this connection
/// is on its way any more.
inline void close_in_order(tcp_pair& both) {
    both.served.reset();
    EXPECT_EQ(read_to_end(both.client.get()), "");
    EXPECT_EQ(::shutdown(both.client.get(), SHUT_WR), 0);
    EXPECT_TRUE(eventually([&] { return moment_of(both.client.get()).state == tcp_state::closed; }));
}

/// A stage with a capture at the client's end.
class watched_stage {
public:
    explicit watched_stage(sandbox::ip_family family = sandbox::ip_family::v4)
        : family_(family), network_({.stage = 11}), listener_(listen_in(network_.server_ns(), server())) {}

    [[nodiscard]] const sandbox::stage_network& network() const { return network_; }
    [[nodiscard]] witness::capture& wire() { return wire_; }
    [[nodiscard]] address server() const { return network_.server_address(family_); }
    [[nodiscard]] endpoint listener() const { return local_end(listener_.get()); }
    [[nodiscard]] side sender_of(const witness::packet& seen) const {
        return seen.source.address() == server() ? side::server : side::client;
    }

    /// With TCP_NODELAY at both ends: every send is a segment.
    [[nodiscard]] tcp_pair connect() const {
        tcp_pair both;
        both.client = connect_in(network_.client_ns(), network_.client_address(family_), listener());
        both.served = accept_one(listener_.get());
        for (const auto* fd : {&both.client, &both.served}) {
            const int on = 1;
            EXPECT_EQ(::setsockopt(fd->get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), 0);
        }
        return both;
    }
    [[nodiscard]] std::uint64_t segments_counted() const { return segments_counted_in(network_.client_ns()); }

private:
    sandbox::ip_family family_;
    sandbox::stage_network network_;
    sandbox::unique_fd listener_;
    witness::capture wire_{network_.client_ns(), sandbox::stage_network::client_interface(), endpoint(server(), 0)};
};

}  // namespace firstfin::testing
