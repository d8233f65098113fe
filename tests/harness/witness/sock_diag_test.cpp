#include "harness/witness/sock_diag.hpp"

#include <netinet/in.h>

#include <algorithm>
#include <fstream>

#include "harness/sandbox/stage_network.hpp"
#include "harness/witness/sock_diag_counters.hpp"
#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

namespace firstfin::testing {
namespace {

using sandbox::ip_family;
using sandbox::stage_network;
using sandbox::unique_fd;
using witness::connection_ends;
using witness::sock_diag;
using witness::socket_row;

// How the two programs open their sockets. `dual_stack` is how Node, Go and Caddy listen: one AF_INET6 socket for both.
enum class sockets { v4, v6, dual_stack };

struct established {
    unique_fd client;
    unique_fd server;
    connection_ends client_ends;  // kept: a closed descriptor has no endpoints
    connection_ends server_ends;
};

/// A stage with a listener, and a sock_diag at either end.
class talking_stage {
public:
    explicit talking_stage(sockets kind, const sandbox::stage_network_options& options = {})
        : family_(kind == sockets::v6 ? ip_family::v6 : ip_family::v4),
          stage_(options),
          listener_(listen_in(stage_.server_ns(), kind == sockets::dual_stack ? boost::asio::ip::address_v6::any()
                                                                              : stage_.server_address(family_))),
          at_server(stage_.server_ns()),
          at_client(stage_.client_ns()) {}

    established connect() {
        auto client = connect_in(stage_.client_ns(), stage_.client_address(family_), service());
        auto server = accept_one(listener_.get());
        connection_ends client_ends{local_end(client.get()), remote_end(client.get())};
        connection_ends server_ends{client_ends.remote, client_ends.local};
        return {std::move(client), std::move(server), client_ends, server_ends};
    }
    [[nodiscard]] endpoint service() const {
        return {stage_.server_address(family_), local_end(listener_.get()).port()};
    }
    [[nodiscard]] const stage_network& network() const { return stage_; }

    std::optional<tcp_state> server_state(const established& of) {
        return at_server.query(of.server_ends.local, of.server_ends.remote);
    }
    std::optional<tcp_state> client_state(const established& of) {
        return at_client.query(of.client_ends.local, of.client_ends.remote);
    }

private:
    ip_family family_;
    stage_network stage_;
    unique_fd listener_;

public:
    sock_diag at_server;
    sock_diag at_client;
};

#define EXPECT_BECOMES(state, ...) \
    EXPECT_TRUE(eventually([&] { return (state) == (__VA_ARGS__); })) << "is " << text_of(state)

std::string text_of(const std::optional<tcp_state>& state) {
    return state ? std::string(to_text(*state)) : "gone";
}

class SockDiag : public needs_namespaces, public ::testing::WithParamInterface<sockets> {};

TEST_P(SockDiag, follows_a_close_by_the_server) {
    talking_stage stage(GetParam());
    auto talk = stage.connect();
    EXPECT_BECOMES(stage.server_state(talk), tcp_state::established);
    EXPECT_BECOMES(stage.client_state(talk), tcp_state::established);
    talk.server.reset();
    EXPECT_BECOMES(stage.server_state(talk), tcp_state::fin_wait_2);
    EXPECT_BECOMES(stage.client_state(talk), tcp_state::close_wait);
    talk.client.reset();
    EXPECT_BECOMES(stage.server_state(talk), tcp_state::time_wait);
    EXPECT_BECOMES(stage.client_state(talk), std::nullopt);
}

TEST_P(SockDiag, follows_a_close_by_the_client) {
    talking_stage stage(GetParam());
    auto talk = stage.connect();
    talk.client.reset();
    EXPECT_BECOMES(stage.client_state(talk), tcp_state::fin_wait_2);
    EXPECT_BECOMES(stage.server_state(talk), tcp_state::close_wait);
    talk.server.reset();
    EXPECT_BECOMES(stage.client_state(talk), tcp_state::time_wait);
    EXPECT_BECOMES(stage.server_state(talk), std::nullopt);
}

TEST_P(SockDiag, a_connection_that_never_was_is_not_the_listener) {
    talking_stage stage(GetParam());
    const auto talk = stage.connect();
    auto stranger = talk.client_ends.local;
    stranger.port(static_cast<std::uint16_t>(stranger.port() - 1));
    EXPECT_EQ(stage.at_server.query(stage.service(), stranger), std::nullopt);
    EXPECT_EQ(stage.at_client.query(stranger, stage.service()), std::nullopt);
    EXPECT_EQ(stage.at_server.query(stage.service(), endpoint(stranger.address(), 0)), std::nullopt);
}

TEST_P(SockDiag, each_end_is_seen_in_its_own_namespace_only) {
    talking_stage stage(GetParam());
    const auto talk = stage.connect();
    EXPECT_EQ(stage.at_server.query(talk.client_ends.local, talk.client_ends.remote), std::nullopt);
    EXPECT_EQ(stage.at_client.query(talk.server_ends.local, talk.server_ends.remote), std::nullopt);
}

TEST_P(SockDiag, an_orphan_fin_wait_2_is_counted_as_what_it_is) {
    talking_stage stage(GetParam());
    auto talk = stage.connect();
    talk.server.reset();
    EXPECT_BECOMES(stage.server_state(talk), tcp_state::fin_wait_2);
    const auto counts = stage.at_server.count_states();
    EXPECT_EQ(counts[tcp_state::fin_wait_2], 1U);
    EXPECT_EQ(counts[tcp_state::time_wait], 0U);
    EXPECT_EQ(counts[tcp_state::listen], 1U);
    EXPECT_EQ(counts.total(), 2U);
    const auto row = stage.at_server.find(talk.server_ends.local, talk.server_ends.remote);
    ASSERT_TRUE(row);
    EXPECT_EQ(row->inode, 0U);
    EXPECT_EQ(row->timer, witness::socket_timer::time_wait);  // it lives in a TIME_WAIT mini-socket
}

TEST_P(SockDiag, a_half_closed_socket_still_owned_has_no_timer) {
    talking_stage stage(GetParam());
    const auto talk = stage.connect();
    ASSERT_EQ(::shutdown(talk.server.get(), SHUT_WR), 0);
    EXPECT_BECOMES(stage.server_state(talk), tcp_state::fin_wait_2);
    const auto row = stage.at_server.find(talk.server_ends.local, talk.server_ends.remote);
    ASSERT_TRUE(row);
    EXPECT_NE(row->inode, 0U);
    EXPECT_EQ(row->timer, witness::socket_timer::none);
}

TEST_P(SockDiag, a_batch_agrees_with_single_queries) {
    talking_stage stage(GetParam());
    std::vector<established> talks;
    std::vector<connection_ends> asked;
    for (int i = 0; i < 200; ++i) {
        auto& talk = talks.emplace_back(stage.connect());
        asked.push_back(talk.server_ends);
        asked.push_back({talk.server_ends.local, endpoint(talk.server_ends.remote.address(), 1)});  // never was
    }
    // Closed only now: the port of a finished connection can come back, and its SYN takes the TIME_WAIT over.
    for (std::size_t i = 0; i < talks.size(); i += 4) {
        talks[i + 1].client.reset();
        talks[i + 2].server.reset();
        talks[i + 3].server.reset();
        talks[i + 3].client.reset();
    }
    EXPECT_TRUE(eventually([&] {
        const auto counts = stage.at_server.count_states();
        return counts[tcp_state::established] == 50 && counts[tcp_state::close_wait] == 50 &&
               counts[tcp_state::fin_wait_2] == 50 && counts[tcp_state::time_wait] == 50;
    }));
    const auto states = stage.at_server.query_batch(asked);
    ASSERT_EQ(states.size(), asked.size());
    for (std::size_t i = 0; i < asked.size(); ++i) {
        EXPECT_EQ(states[i], stage.at_server.query(asked[i].local, asked[i].remote)) << i;
        EXPECT_EQ(states[i].has_value(), i % 2 == 0) << i;
    }
    EXPECT_TRUE(stage.at_server.query_batch({}).empty());
}

TEST_P(SockDiag, a_dump_shows_rows_and_survives_its_visitor) {
    talking_stage stage(GetParam());
    auto talk = stage.connect();
    auto closed = stage.connect();
    closed.server.reset();
    closed.client.reset();
    EXPECT_BECOMES(stage.server_state(closed), tcp_state::time_wait);
    ASSERT_EQ(::send(talk.client.get(), "12345", 5, 0), 5);
    EXPECT_THROW(stage.at_server.dump([](const socket_row&) { throw std::runtime_error("enough"); }),
                 std::runtime_error);

    std::vector<socket_row> rows;
    stage.at_server.dump([&rows](const socket_row& row) { rows.push_back(row); }, {.local = stage.service().port()});
    ASSERT_EQ(rows.size(), 3U);
    const auto row_of = [&rows](const established& of) {
        return std::ranges::find(rows, of.server_ends, &socket_row::ends);
    };
    ASSERT_NE(row_of(talk), rows.end());
    EXPECT_EQ(row_of(talk)->state, tcp_state::established);
    EXPECT_EQ(row_of(talk)->rqueue, 5U);
    EXPECT_NE(row_of(talk)->inode, 0U);
    ASSERT_NE(row_of(closed), rows.end());
    EXPECT_EQ(row_of(closed)->state, tcp_state::time_wait);
    EXPECT_EQ(row_of(closed)->timer, witness::socket_timer::time_wait);
    EXPECT_GT(row_of(closed)->expires, std::chrono::seconds(50));
    EXPECT_LE(row_of(closed)->expires, std::chrono::seconds(65));
}

TEST_P(SockDiag, counts_can_be_limited_to_ports) {
    talking_stage stage(GetParam());
    const auto one = stage.connect();
    const auto other = stage.connect();
    const auto service = stage.service().port();
    EXPECT_EQ(stage.at_server.count_states({.local = service})[tcp_state::established], 2U);
    EXPECT_EQ(stage.at_client.count_states({.remote = service})[tcp_state::established], 2U);
    EXPECT_EQ(stage.at_client.count_states({.local = one.client_ends.local.port()})[tcp_state::established], 1U);
    EXPECT_EQ(stage.at_client.count_states({.local = service}).total(), 0U);
}

TEST_P(SockDiag, counts_can_be_limited_to_a_state_and_a_family) {
    talking_stage stage(GetParam());
    const auto open = stage.connect();
    const auto service = stage.service().port();
    const auto open_only = stage.at_server.count_states({.local = service, .state = tcp_state::established});
    EXPECT_EQ(open_only[tcp_state::established], 1U);
    EXPECT_EQ(open_only.total(), 1U) << "the listener is left out";
    EXPECT_EQ(stage.at_server.count_states({.local = service, .state = tcp_state::time_wait}).total(), 0U);
    const auto of_family = [&](int family) {
        return stage.at_server.count_states({.local = service, .family = family})[tcp_state::established];
    };
    EXPECT_EQ(of_family(AF_INET), GetParam() == sockets::v4 ? 1U : 0U);
    EXPECT_EQ(of_family(AF_INET6), GetParam() == sockets::v4 ? 0U : 1U);
}

INSTANTIATE_TEST_SUITE_P(Sockets, SockDiag, ::testing::Values(sockets::v4, sockets::v6, sockets::dual_stack),
                         [](const auto& row) {
                             return row.param == sockets::v4 ? "v4" : row.param == sockets::v6 ? "v6" : "dual_stack";
                         });

class SockDiagCounters : public needs_namespaces {};

TEST_F(SockDiagCounters, a_full_time_wait_table_is_noticed) {
    talking_stage stage(sockets::v4, {.tcp_max_tw_buckets = 3});
    const witness::overflow_counter at_server(stage.network().server_ns());
    const witness::overflow_counter at_client(stage.network().client_ns());
    for (int i = 0; i < 10; ++i) {
        auto talk = stage.connect();
        talk.server.reset();
        talk.client.reset();
        EXPECT_BECOMES(stage.client_state(talk), std::nullopt);
    }
    EXPECT_EQ(stage.at_server.count_states()[tcp_state::time_wait] + at_server.lost(), 10U);
    EXPECT_GT(at_server.lost(), 0U);
    EXPECT_EQ(at_client.lost(), 0U);
}

TEST_F(SockDiagCounters, are_those_of_the_namespace) {
    talking_stage stage(sockets::v4);
    const witness::tcp_ext_counters at_server(stage.network().server_ns());
    const witness::tcp_ext_counters at_client(stage.network().client_ns());
    auto talk = stage.connect();
    const linger at_once{1, 0};
    ASSERT_EQ(::setsockopt(talk.client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    talk.client.reset();
    EXPECT_EQ(at_client.value("TCPAbortOnData"), 1U);
    EXPECT_EQ(at_server.value("TCPAbortOnData"), 0U);
    EXPECT_THROW((void)at_server.value("TCPNoSuchThing"), boost::system::system_error);
}

}  // namespace
}  // namespace firstfin::testing
