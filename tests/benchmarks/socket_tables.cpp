#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "harness/sandbox/privilege.hpp"
#include "harness/sandbox/sysctl.hpp"
#include "harness/witness/sock_diag.hpp"
#include "tests/harness/sandbox/plain_tcp.hpp"

// Questions to the kernel's socket table: one connection, a batch, and a dump of many TIME_WAIT sockets; each in a
// network namespace of its own.

namespace firstfin::testing {
namespace {

using boost::asio::ip::make_address;
using witness::connection_ends;
using witness::sock_diag;

bool may_make_namespaces(benchmark::State& state) {
    static const auto missing = sandbox::missing_privilege();
    if (!missing) return true;
    const bool forbidden = std::getenv("FIRSTFIN_NOTHING_SKIPPED") != nullptr;
    state.SkipWithError(fmt::format("{}: {}", forbidden ? "may not be left out" : "skipped", *missing).c_str());
    return false;
}

/// A listener and connections to it, both ends open.
class talking {
public:
    explicit talking(std::size_t connections) {
        const endpoint service = local_end(listener_.get());
        for (std::size_t made = 0; made < connections; ++made) {
            const auto& client = open_.emplace_back(connect_in(inside_, service.address(), service));
            ends_.push_back({local_end(client.get()), service});
            open_.push_back(accept_one(listener_.get()));
        }
    }
    [[nodiscard]] const sandbox::network_namespace& inside() const { return inside_; }
    [[nodiscard]] const std::vector<connection_ends>& ends() const { return ends_; }

private:
    sandbox::network_namespace inside_ = sandbox::network_namespace::create();
    sandbox::unique_fd listener_ = listen_in(inside_, make_address("127.0.0.1"));
    std::vector<sandbox::unique_fd> open_;
    std::vector<connection_ends> ends_;
};

void sock_diag_exact(benchmark::State& state) {
    if (!may_make_namespaces(state)) return;
    const talking stage(64);
    sock_diag table(stage.inside());
    for (std::size_t turn = 0; auto _ : state) {
        const auto& asked = stage.ends()[turn++ % 64];
        if (table.query(asked.local, asked.remote) != tcp_state::established)
            return state.SkipWithError("an open connection was not found");
    }
}
BENCHMARK(sock_diag_exact);

// The kernel's part of it: the same question, put together once and its answer not read.
void sock_diag_exact_bare(benchmark::State& state) {
    if (!may_make_namespaces(state)) return;
    const talking stage(1);
    sandbox::netlink_socket socket(stage.inside(), NETLINK_SOCK_DIAG);
    const auto request = witness::exact_request(stage.ends().front(), socket.next_sequence());
    std::array<char, 4096> answer;
    for (auto _ : state) {
        socket.send("ask", {reinterpret_cast<const char*>(&request), sizeof request});
        benchmark::DoNotOptimize(socket.receive("read", answer));
    }
}
BENCHMARK(sock_diag_exact_bare);

// The kernel then answers with the listening socket, which has to be told from the connection.
void sock_diag_exact_gone(benchmark::State& state) {
    if (!may_make_namespaces(state)) return;
    const talking stage(1);
    sock_diag table(stage.inside());
    const endpoint service = stage.ends().front().remote;
    const endpoint nobody(service.address(), 1);
    for (auto _ : state) {
        if (table.query(service, nobody)) return state.SkipWithError("a connection that never was is in the table");
    }
}
BENCHMARK(sock_diag_exact_gone);

void sock_diag_batch_of_64(benchmark::State& state) {
    if (!may_make_namespaces(state)) return;
    const talking stage(64);
    sock_diag table(stage.inside());
    for (auto _ : state) {
        if (table.query_batch(stage.ends()).back() != tcp_state::established)
            return state.SkipWithError("an open connection was not found");
    }
    state.SetItemsProcessed(state.iterations() * 64);
}
BENCHMARK(sock_diag_batch_of_64);

/// A namespace that holds this many sockets in TIME_WAIT, and a listener.
class after_many_closes {
public:
    static constexpr std::size_t sockets = 28'000;

    after_many_closes() {
        sandbox::set_sysctl(inside_, "net.ipv4.tcp_max_tw_buckets", "100000");
        const endpoint service = local_end(listener_.get());
        // One client address has 28,232 ports, and the search for a free one gets long towards the end.
        const std::array clients{make_address("127.0.0.2"), make_address("127.0.0.3"), make_address("127.0.0.4"),
                                 make_address("127.0.0.5")};
        for (std::size_t made = 0; made < sockets; ++made) {
            auto client = connect_in(inside_, clients[made % clients.size()], service);
            const auto server = accept_one(listener_.get());
            client.reset();  // first: the TIME_WAIT is the client's
        }
    }
    [[nodiscard]] const sandbox::network_namespace& inside() const { return inside_; }

private:
    sandbox::network_namespace inside_ = sandbox::network_namespace::create();
    sandbox::unique_fd listener_ = listen_in(inside_, make_address("127.0.0.1"));
};

void sock_diag_dump_28000_time_wait(benchmark::State& state) {
    if (!may_make_namespaces(state)) return;
    const after_many_closes stage;
    sock_diag table(stage.inside());
    for (auto _ : state) {
        std::size_t waiting = 0;
        table.dump([&waiting](const witness::socket_row& row) {
            if (row.state == tcp_state::time_wait) ++waiting;
        });
        if (waiting != stage.sockets) {
            state.SkipWithError(fmt::format("{} sockets in TIME_WAIT, not {}", waiting, stage.sockets).c_str());
            return;
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(stage.sockets));
}
// A fixed number, because every attempt to find one would make the sockets anew.
BENCHMARK(sock_diag_dump_28000_time_wait)->Iterations(20)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace firstfin::testing
