#include "harness/run/runner.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <functional>

#include "harness/run/preflight.hpp"
#include "harness/run/start_gate.hpp"

namespace firstfin::run {

using namespace std::chrono_literals;

namespace {

/// How long after the last expected end something must have gone wrong.
constexpr duration overtime = 60s;

/// Calls a function again and again; the function says when it wants to be called next.
class repeating {
public:
    repeating(boost::asio::io_context& loop, std::function<duration()> what) : timer_(loop), what_(std::move(what)) {}
    void start() { after(0ms); }
    void stop() { timer_.cancel(); }

private:
    void after(duration delay) {
        timer_.expires_after(delay);
        timer_.async_wait([this](const boost::system::error_code& stopped) {
            if (!stopped) after(what_());
        });
    }
    boost::asio::steady_timer timer_;
    std::function<duration()> what_;
};

duration last_expected_end(const std::vector<std::unique_ptr<job>>& jobs) {
    duration last{};
    for (const auto& each : jobs)
        last = std::max(last, each->plan().expected_wall() + each->plan().what.observe);
    return last;
}

/// Everything behind the loop of one execution.
class execution {
public:
    execution(boost::asio::io_context& loop, std::vector<std::unique_ptr<job>>& jobs, progress_display& progress)
        : loop_(loop),
          jobs_(jobs),
          progress_(progress),
          signals_(loop, SIGINT, SIGTERM),
          advance_(loop, [this] { return advance(); }),
          count_(loop, [this] { return count_states(); }),
          show_(loop, [this] { return show(); }),
          give_up_at_(steady::now() + last_expected_end(jobs) + overtime) {}

    outcome run() {
        signals_.async_wait([this](const boost::system::error_code& failed, int) {
            if (failed) return;
            out_.interrupted = true;
            loop_.stop();
        });
        for (auto& each : jobs_)
            each->start();
        for (auto* each : {&advance_, &count_, &show_})
            each->start();
        loop_.run();
        progress_.clear();
        for (auto& each : jobs_)
            each->finish(out_.interrupted || !out_.stopped_by.empty());
        return out_;
    }

private:
    duration advance() {
        const auto now = steady::now();
        for (auto& each : jobs_) {
            each->advance(now);
            if (const auto failure = each->store_failure()) {
                out_.stopped_by = *failure;
                loop_.stop();
            }
            if (now > give_up_at_) each->give_up("nothing was seen of this trial");
        }
        if (std::ranges::all_of(jobs_, [](const auto& each) { return each->all_finished(); })) loop_.stop();
        return 5ms;
    }

    // A dump walks the kernel's whole table: it may use a twentieth of the time at most.
    duration count_states() {
        const auto before = steady::now();
        for (auto& each : jobs_)
            each->count_states(before);
        return std::max<duration>(1s, 20 * (steady::now() - before));
    }

    duration show() {
        progress_.show(jobs_, steady::now() - began_);
        return 200ms;
    }

    boost::asio::io_context& loop_;
    std::vector<std::unique_ptr<job>>& jobs_;
    progress_display& progress_;
    boost::asio::signal_set signals_;
    repeating advance_;
    repeating count_;
    repeating show_;
    time_point began_ = steady::now();
    time_point give_up_at_;
    outcome out_;
};

}  // namespace

namespace {
/// Stages hold sockets of the loop and children of the sandbox: they go before both, on every way out.
struct closing_stages {
    std::vector<std::unique_ptr<job>>& jobs;
    ~closing_stages() {
        for (auto& each : jobs)
            each->close_stages();
    }
};
}  // namespace

outcome run_all(std::vector<std::unique_ptr<job>>& jobs, sandbox::kind where, const role_programs& programs,
                progress_display& progress, const std::function<void()>& results_are_in) {
    boost::asio::io_context loop(1);
    const stage_builder builder(loop, where);
    const closing_stages at_the_end{jobs};
    start_gate gate(memory_for_programs());
    unsigned stage = 0;
    for (auto& each : jobs) {
        each->open_stages(loop, builder, stage, programs, gate);
        stage += each->stages();
    }
    // The roles' timers are the measurement; this process can wait a little.
    ::setpriority(PRIO_PROCESS, 0, 5);
    const auto out = execution(loop, jobs, progress).run();
    results_are_in();
    return out;
}

}  // namespace firstfin::run
