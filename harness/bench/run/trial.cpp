#include "harness/bench/run/trial.hpp"

#include <fmt/format.h>

#include <boost/asio/steady_timer.hpp>

#include "core/parse_error.hpp"
#include "harness/bench/run/cpu_pinning.hpp"
#include "harness/bench/run/discard.hpp"
#include "harness/bench/run/load_process.hpp"
#include "harness/bench/run/servers.hpp"
#include "harness/bench/watch/close_capture.hpp"
#include "harness/bench/watch/population_watch.hpp"
#include "harness/bench/watch/process_cpu.hpp"
#include "harness/bench/watch/tcp_counters.hpp"
#include "harness/sandbox/stage_network.hpp"
#include "harness/witness/sock_diag_counters.hpp"

namespace firstfin::bench {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr auto look_for_stop_every = 50ms;

load::order load_order_of(const trial_order& order, const endpoint& server) {
    load::order out;
    out.server = server;
    out.authority = order.authority;
    out.path = order.path;
    out.connections = order.what.connections;
    out.requests_per_connection = order.what.requests_per_connection;
    out.pipelining = order.what.pipelining;
    out.ends = order.what.ends;
    out.rate = order.what.rate;
    out.spacing = order.what.spacing;
    out.warm_up = order.warm_up;
    out.measured = order.measured;
    out.patience = order.patience;
    out.threads = order.threads;
    out.seed = order.seed;
    return out;
}

first_fins first_fins_of(const load::closes& seen) {
    first_fins out;
    out.client = seen.client;
    out.server = seen.server;
    out.reset_by_client = seen.reset_by_client;
    out.reset_by_server = seen.reset_by_server;
    out.unknown = seen.unknown;
    out.witness = "states";
    return out;
}

/// What the two sides stand on: namespaces and a server in one of them, or nothing of ours.
struct ground {
    std::optional<sandbox::pid_namespace> processes;
    std::optional<sandbox::stage_network> network;
    std::unique_ptr<run::program_process> server;
    endpoint address;
};

ground make_ground(asio::io_context& loop, const trial_order& order, const cpu_plan& cpus) {
    ground out;
    if (order.what.target == target_kind::url) {
        out.address = order.server;
        return out;
    }
    out.processes.emplace();
    sandbox::stage_network_options network;
    network.client_sysctls = order.what.sysctls;
    out.network.emplace(network);
    out.address = {out.network->server_address(sandbox::ip_family::v4), run::program_port};
    const auto started = server_order(order.what.target, order.server_program, out.address);
    const cpu_scope on(cpus.server);
    out.server = std::make_unique<run::program_process>(loop, started, out.network->server_ns());
    witness::sock_diag table(out.network->server_ns());
    run::await_listening(*out.server, started, table, out.address.port());
    return out;
}

sandbox::child_process start_load(const trial_order& order, const ground& on, const cpu_plan& cpus) {
    sandbox::child_options child;
    child.program = order.load_program;
    child.arguments = {"--load"};
    if (on.network) child.network = &on.network->client_ns();
    if (on.processes) child.processes = &*on.processes;
    child.standard_input = sandbox::stream::pipe;
    child.standard_output = sandbox::stream::pipe;
    child.standard_error = sandbox::stream::pipe;
    const cpu_scope here(cpus.load);
    return sandbox::child_process::start(child);
}

/// Both kernels' counters and the server's CPU time at the beginning and the end of the measured phase, and the socket
/// tables in between.
class watchers {
public:
    watchers(asio::io_context& loop, const ground& on, bool wire) : on_(on), timer_(loop) {
        if (!on.network) return;
        cpu_.emplace(on.server->pid());
        for (const auto* side : {&on.network->client_ns(), &on.network->server_ns()}) {
            counters_.emplace_back(*side);
            overflow_.emplace_back(*side);
        }
        population_.emplace(loop, on.address, witness::sock_diag(on.network->client_ns()),
                            witness::sock_diag(on.network->server_ns()));
        if (wire) capture_.emplace(loop, on.network->client_ns(), on.network->client_interface(), on.address);
    }

    void follow(const load::phase& phase) {
        began_ = phase.from;
        timer_.expires_at(phase.from);
        timer_.async_wait([this, phase](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            before_ = look();
            if (population_) population_->sample();
            timer_.expires_at(phase.until);
            timer_.async_wait([this](const boost::system::error_code& stopped) {
                if (!stopped) finish();
            });
        });
    }
    /// The phase is over.
    void finish() {
        if (std::exchange(finished_, true)) return;
        if (before_) after_ = look();
        if (population_) {
            population_->sample();
            population_->finish();
        }
        if (capture_) closes_ = capture_->finish();
        ended_ = steady::now();
        timer_.cancel();
    }

    void write_into(repetition& out) const {
        if (population_) out.time_wait = population_->within(began_, ended_ - began_);
        if (closes_) out.first = closes_->first;
        if (!before_ || !after_) return;
        if (before_->cpu && after_->cpu) out.server_cpu = *after_->cpu - *before_->cpu;
        if (on_.network) out.segments = static_cast<std::uint64_t>((after_->counts - before_->counts).segments_sent());
    }
    [[nodiscard]] std::uint64_t overflow() const {
        std::uint64_t out = 0;
        for (const auto& each : overflow_)
            out += each.lost();
        return out;
    }

    [[nodiscard]] std::uint64_t capture_lost() const {
        return closes_ && !closes_->whole ? std::max<std::uint64_t>(1, closes_->lost) : 0;
    }

private:
    struct moment {
        std::optional<duration> cpu;
        tcp_counts counts;  ///< of both sides
    };
    [[nodiscard]] moment look() {
        moment out;
        if (cpu_) out.cpu = cpu_->used();
        for (const auto& each : counters_)
            out.counts = out.counts + each.now();
        return out;
    }

    const ground& on_;
    asio::steady_timer timer_;
    std::optional<process_cpu> cpu_;
    std::vector<tcp_counters> counters_;
    std::vector<witness::overflow_counter> overflow_;
    std::optional<population_watch> population_;
    std::optional<close_capture> capture_;
    std::optional<wire_closes> closes_;
    time_point began_{};
    time_point ended_{};
    bool finished_ = false;
    std::optional<moment> before_;
    std::optional<moment> after_;
};

}  // namespace

trial_result run_trial(const trial_order& order, const std::function<bool()>& stop_now) {
    asio::io_context loop{1};
    const auto cpus = cpus_for(usable_cpus(), order.threads);
    const auto on = make_ground(loop, order, cpus);
    disturbances disturbed;
    if (on.server) on.server->watch([&](const std::string& how) { disturbed.server_ended = how; });
    watchers watching(loop, on, order.watch_wire);
    bool over = false;
    load_process load(loop, start_load(order, on, cpus), load_order_of(order, on.address),
                      {[&](const load::phase& phase) { watching.follow(phase); }, [&] { over = true; }});
    trial_result out;
    while (!over) {
        loop.run_one_for(look_for_stop_every);
        if (!out.interrupted && stop_now()) {
            out.interrupted = true;
            load.interrupt();
        }
    }
    watching.finish();
    if (!load.report()) {
        if (out.interrupted) return out;  // before it could make anything of the signal
        throw environment_lacks(load.complaint());
    }
    const auto& report = *load.report();
    auto& into = out.measured;
    into.lasted = report.lasted;
    into.requests = report.requests;
    into.opened = report.opened;
    into.unsent = report.unsent;
    into.latency = report.latency;
    into.client_cpu = report.cpu;
    into.first = first_fins_of(report.first);
    for (const auto& [which, count] : report.failures)
        into.errors.emplace(to_text(which), count);
    watching.write_into(into);
    disturbed.time_wait_overflow = watching.overflow();
    disturbed.capture_lost = watching.capture_lost();
    into.discard = reasons_to_discard(order.what, order.threads, report, disturbed);
    return out;
}

}  // namespace firstfin::bench
