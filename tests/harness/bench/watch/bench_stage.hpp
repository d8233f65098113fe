#pragma once

#include <gtest/gtest.h>

#include "harness/sandbox/stage_network.hpp"
#include "harness/witness/segment.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {

/// The two ends of one connection.
struct both_ends {
    sandbox::unique_fd client;
    sandbox::unique_fd server;

    [[nodiscard]] sandbox::unique_fd& of(side one) { return one == side::server ? server : client; }
};

/// A stage with a listener and as many connections as a test wants.
class bench_stage {
public:
    explicit bench_stage(sandbox::ip_family family = sandbox::ip_family::v4,
                         const sandbox::stage_network_options& options = {.stage = 12})
        : family_(family), network_(options), listener_(listen_in(network_.server_ns(), server_address())) {}

    [[nodiscard]] const sandbox::stage_network& network() const { return network_; }
    [[nodiscard]] const sandbox::network_namespace& client_ns() const { return network_.client_ns(); }
    [[nodiscard]] const sandbox::network_namespace& server_ns() const { return network_.server_ns(); }
    [[nodiscard]] address server_address() const { return network_.server_address(family_); }
    [[nodiscard]] endpoint server() const { return local_end(listener_.get()); }
    [[nodiscard]] int listener() const { return listener_.get(); }

    /// Without a bind: the kernel then chooses the port as it does for any client, and TIME_WAIT does not stand in the
    /// way of another address.
    [[nodiscard]] both_ends connect() const {
        both_ends made;
        {
            const sandbox::netns_scope scope(client_ns());
            made.client.reset(
                sandbox::check("make a socket", ::socket(server().protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0)));
        }
        const auto to = server();
        sandbox::check("connect", ::connect(made.client.get(), to.data(), static_cast<socklen_t>(to.size())));
        made.server = accept_one(listener_.get());
        return made;
    }

    /// First one side, and when the other has seen it, the other.
    static void close_by(side first, both_ends& ends) {
        ends.of(first).reset();
        EXPECT_EQ(read_to_end(ends.of(other(first)).get()), "");
        ends.of(other(first)).reset();
    }
    /// As SO_LINGER with a time of 0 does.
    static void reset_by(side first, both_ends& ends) {
        const linger none{.l_onoff = 1, .l_linger = 0};
        EXPECT_EQ(::setsockopt(ends.of(first).get(), SOL_SOCKET, SO_LINGER, &none, sizeof none), 0);
        ends.of(first).reset();
        char byte = 0;
        EXPECT_TRUE(await_readable(ends.of(other(first)).get()));
        EXPECT_LT(::recv(ends.of(other(first)).get(), &byte, 1, 0), 0);
        ends.of(other(first)).reset();
    }

private:
    sandbox::ip_family family_;
    sandbox::stage_network network_;
    sandbox::unique_fd listener_;
};

}  // namespace firstfin::testing
