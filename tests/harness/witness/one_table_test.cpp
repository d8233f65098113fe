#include <gtest/gtest.h>

#include "harness/sandbox/loopback_addresses.hpp"
#include "harness/witness/sock_diag.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

// On loopback both ends of a connection are rows of one table. Which one a question means is decided by the order of
// its addresses alone. Needs no privilege.
namespace firstfin::testing {
namespace {

TEST(OneTable, EachEndIsFoundByItsOwnOrderOfAddresses) {
    const auto here = sandbox::network_namespace::own();
    const sandbox::loopback_addresses of(15'999);
    const auto listener = listen_in(here, of.server());
    const auto client = connect_in(here, of.client(0), {of.server(), local_end(listener.get()).port()});
    auto server = accept_one(listener.get());
    const auto client_end = local_end(client.get());
    const auto server_end = remote_end(client.get());
    witness::sock_diag table(here);
    EXPECT_EQ(table.query(server_end, client_end), tcp_state::established);

    // The server closes; the client has not noticed: the two ends are in states of their own.
    server.reset();
    ASSERT_TRUE(eventually([&] { return table.query(client_end, server_end) == tcp_state::close_wait; }));
    ASSERT_TRUE(eventually([&] { return table.query(server_end, client_end) == tcp_state::fin_wait_2; }));
    const std::array<witness::connection_ends, 2> both{{{server_end, client_end}, {client_end, server_end}}};
    const auto states = table.query_batch(both);
    EXPECT_EQ(states[0], tcp_state::fin_wait_2);
    EXPECT_EQ(states[1], tcp_state::close_wait);

    // Both have closed: only the end that was first is left, and the other question is not answered with it, nor with
    // the listener.
    sandbox::check("shut down", ::shutdown(client.get(), SHUT_RDWR));
    ASSERT_TRUE(eventually([&] { return table.query(server_end, client_end) == tcp_state::time_wait; }));
    EXPECT_EQ(table.query(client_end, server_end), std::nullopt);
}

}  // namespace
}  // namespace firstfin::testing
