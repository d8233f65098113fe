#include "harness/bench/watch/first_fin_tally.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace firstfin::bench {
static void PrintTo(const first_fins& one, std::ostream* out) {
    *out << "client " << one.client << ", server " << one.server << ", both " << one.both << ", reset by client "
         << one.reset_by_client << ", by server " << one.reset_by_server << ", unknown " << one.unknown;
}
}  // namespace firstfin::bench

namespace firstfin::testing {
namespace {

using bench::first_fin_tally;
using bench::first_fins;
using witness::packet;
namespace tcp_flag = witness::tcp_flag;

const endpoint server_end = *parse_endpoint("10.9.0.1:80");

endpoint client_end(std::uint16_t port) {
    return {boost::asio::ip::make_address("10.9.0.2"), port};
}

/// Segments of connections to one server, of one client port at a time. Both sides' sequence numbers begin right before
/// they wrap, and every connection carries a request and an answer that the capture does not hold.
class story {
public:
    static constexpr std::uint16_t first_port = 40'000;

    story& port(std::uint16_t number) {
        port_ = number;
        return *this;
    }
    story& syn(std::uint32_t isn = 0xfffffff0) {
        client_next_ = isn;
        add(side::client, tcp_flag::syn, client_next_, 0);
        return *this;
    }
    story& syn_ack(std::uint32_t isn = 0xffffffe0) {
        server_next_ = isn;
        add(side::server, tcp_flag::syn | tcp_flag::ack, isn, client_next_ + 1);
        client_next_ += 1 + 100;
        server_next_ += 1 + 200;
        return *this;
    }
    story& opened(std::uint32_t isn = 0xfffffff0) { return syn(isn).syn_ack(); }
    /// A FIN that acknowledges everything the other side has sent, its FIN as well.
    story& fin(side from) {
        add(from, tcp_flag::fin | tcp_flag::ack, next(from), next(other(from)));
        ++next(from);
        return *this;
    }
    /// A FIN sent before the other side's FIN, the last one told, had arrived.
    story& crossing_fin(side from) {
        add(from, tcp_flag::fin | tcp_flag::ack, next(from), next(other(from)) - 1);
        ++next(from);
        return *this;
    }
    /// The last byte of what the side sent travels with its FIN.
    story& fin_with_payload(side from) {
        add(from, tcp_flag::fin | tcp_flag::ack | tcp_flag::psh, next(from) - 50, next(other(from)));
        told_.back().payload = 50;
        ++next(from);
        return *this;
    }
    story& rst(side from) {
        add(from, tcp_flag::rst | tcp_flag::ack, next(from), next(other(from)));
        return *this;
    }
    /// The kernel's answer to a segment for nobody: no acknowledgment.
    story& bare_rst(side from) {
        add(from, tcp_flag::rst, next(from), 0);
        return *this;
    }
    story& refused() {
        add(side::server, tcp_flag::rst | tcp_flag::ack, 0, client_next_ + 1);
        return *this;
    }
    story& again() {
        told_.push_back(told_.back());
        return *this;
    }
    [[nodiscard]] std::vector<packet> segments() const { return told_; }

private:
    std::uint32_t& next(side of) { return of == side::server ? server_next_ : client_next_; }
    void add(side from, int flags, std::uint32_t seq, std::uint32_t ack) {
        packet one;
        one.source = from == side::server ? server_end : client_end(port_);
        one.destination = from == side::server ? client_end(port_) : server_end;
        one.seq = seq;
        one.ack = ack;
        one.flags = static_cast<std::uint8_t>(flags);
        told_.push_back(one);
    }

    std::uint16_t port_ = first_port;
    std::uint32_t client_next_ = 0;
    std::uint32_t server_next_ = 0;
    std::vector<packet> told_;
};

first_fins with(std::uint64_t first_fins::*field, std::uint64_t count = 1) {
    first_fins out;
    out.*field = count;
    out.witness = "wire";
    return out;
}
first_fins nothing() {
    return with(&first_fins::unknown, 0);
}
first_fins sum(first_fins left, const first_fins& right) {
    left.client += right.client;
    left.server += right.server;
    left.both += right.both;
    left.reset_by_client += right.reset_by_client;
    left.reset_by_server += right.reset_by_server;
    left.unknown += right.unknown;
    return left;
}

struct row {
    std::string name;
    story told;
    first_fins ended;
    std::uint64_t open = 0;
    std::uint64_t attempts = 0;
    std::uint64_t strays = 0;
};

constexpr auto client = side::client;
constexpr auto server = side::server;

std::vector<row> rows() {
    const auto by_client = with(&first_fins::client);
    const auto by_server = with(&first_fins::server);
    const auto unknown = with(&first_fins::unknown);
    const auto s = [] { return story().opened(); };
    return {
        {"nothing", story(), nothing()},
        {"client_first", s().fin(client).fin(server), by_client},
        {"server_first", s().fin(server).fin(client), by_server},
        {"crossed", s().fin(client).crossing_fin(server), with(&first_fins::both)},
        {"crossed_the_other_way", s().fin(server).crossing_fin(client), with(&first_fins::both)},
        {"fin_with_payload", s().fin_with_payload(server).fin(client), by_server},
        {"crossed_with_payload", s().fin_with_payload(server).crossing_fin(client), with(&first_fins::both)},
        {"open", s(), nothing(), 1},
        {"half_closed_by_client", s().fin(client), by_client},
        {"half_closed_by_server", s().fin(server), by_server},

        {"client_resets", s().rst(client), with(&first_fins::reset_by_client)},
        {"server_resets", s().rst(server), with(&first_fins::reset_by_server)},
        {"server_resets_without_acknowledging", s().bare_rst(server), with(&first_fins::reset_by_server)},
        {"both_reset", s().rst(client).rst(server), with(&first_fins::reset_by_client), 0, 0, 1},
        {"reset_answers_the_clients_fin", s().fin(client).rst(server), by_client},
        {"reset_answers_the_servers_fin", s().fin(server).rst(client), by_server},
        {"server_resets_the_request_that_meets_its_fin", s().fin(server).bare_rst(server), by_server},
        {"reset_in_time_wait", s().fin(server).fin(client).bare_rst(server), by_server, 0, 0, 1},

        {"syn_twice", story().syn().again().syn_ack().fin(client).fin(server), by_client},
        {"syn_ack_twice", s().again().fin(client).fin(server), by_client},
        {"first_fin_twice", s().fin(client).again().fin(server), by_client},
        {"second_fin_twice", s().fin(client).fin(server).again(), by_client, 0, 0, 1},
        // The second copy of the client's FIN knows the server's, which the first did not.
        {"crossed_and_twice", s().fin(client).crossing_fin(server).again(), with(&first_fins::both), 0, 0, 1},

        {"port_comes_back", s().fin(client).fin(server).opened(77).fin(server).fin(client), sum(by_client, by_server)},
        {"port_comes_back_half_closed", s().fin(server).opened(77), by_server, 1},
        {"port_comes_back_and_no_end_was_seen", s().opened(77).fin(client).fin(server), sum(unknown, by_client)},
        {"port_comes_back_from_a_table_that_still_has_it",
         s().fin(client).syn(77).bare_rst(client).syn(77).syn_ack().fin(server).fin(client), sum(by_client, by_server),
         0, 0, 1},
        {"two_at_once", s().port(40'001).opened().fin(server).fin(client), by_server, 1},

        {"refused", story().syn().refused(), nothing(), 0, 1},
        {"unanswered", story().syn(), nothing()},
        {"unanswered_then_made", story().syn(1).opened(2).fin(client).fin(server), by_client, 0, 1},
        {"older_than_the_capture", story().fin(client).fin(server).rst(client), nothing(), 0, 0, 3},
    };
}

class FirstFinTally : public ::testing::TestWithParam<row> {};

INSTANTIATE_TEST_SUITE_P(Names, FirstFinTally, ::testing::ValuesIn(rows()),
                         [](const auto& each) { return each.param.name; });

TEST_P(FirstFinTally, Decides) {
    const auto& expected = GetParam();
    first_fin_tally tally(server_end);
    for (const auto& one : expected.told.segments())
        tally.add(one);
    EXPECT_EQ(tally.ended(), expected.ended);
    EXPECT_EQ(tally.open(), expected.open);
    EXPECT_EQ(tally.attempts(), expected.attempts);
    EXPECT_EQ(tally.strays(), expected.strays);
    EXPECT_EQ(tally.ended(), expected.ended) << "asking changes nothing";
}

// Who is first does not depend on the order in which the two FINs passed the capture.
TEST(FirstFinTallyOf, FinsInTheOtherOrder) {
    for (const bool crossed : {false, true}) {
        auto told = story().opened().fin(server);
        auto segments = (crossed ? told.crossing_fin(client) : told.fin(client)).segments();
        std::swap(segments[2], segments[3]);
        first_fin_tally tally(server_end);
        for (const auto& one : segments)
            tally.add(one);
        EXPECT_EQ(tally.ended(), with(crossed ? &first_fins::both : &first_fins::server));
    }
}

TEST(FirstFinTallyOf, TwoFinsThatEachAcknowledgeTheOther) {
    auto segments = story().opened().fin(server).fin(client).segments();
    segments[2].ack += 1;
    first_fin_tally tally(server_end);
    for (const auto& one : segments)
        tally.add(one);
    EXPECT_EQ(tally.ended(), with(&first_fins::unknown));
}

TEST(FirstFinTallyOf, OtherServers) {
    first_fin_tally tally(*parse_endpoint("10.9.0.1:81"));
    for (const auto& one : story().opened().fin(server).fin(client).rst(client).segments())
        tally.add(one);
    EXPECT_EQ(tally.ended(), nothing());
    EXPECT_EQ(tally.strays(), 0U);
}

TEST(FirstFinTallyOf, MoreConnectionsThanItsLimit) {
    first_fin_tally tally(server_end, 10);
    story told;
    for (std::uint16_t port = 40'000; port < 40'013; ++port)
        told.port(port).opened();
    for (const auto& one : told.segments())
        tally.add(one);
    EXPECT_EQ(tally.open(), 10U);
    EXPECT_EQ(tally.ended(), with(&first_fins::unknown, 3));
}

// Connections that ended take no memory, or the limit would be reached.
TEST(FirstFinTallyOf, ManyConnectionsOneAfterTheOther) {
    first_fin_tally tally(server_end, 1);
    for (std::uint32_t isn = 1; isn <= 1'000; ++isn)
        for (const auto& one : story().opened(isn).fin(client).fin(server).segments())
            tally.add(one);
    EXPECT_EQ(tally.ended(), with(&first_fins::client, 1'000));
}

}  // namespace
}  // namespace firstfin::testing
