#include "client/load/run.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <thread>

#include "client/load/pool.hpp"
#include "client/load/shares.hpp"
#include "core/descriptor_limit.hpp"
#include "core/parse_error.hpp"

namespace firstfin::load {

namespace net = boost::asio;

namespace {

/// What this process had of the CPUs, and what it could have had.
struct cpu_time {
    duration used{};
    duration starved{};

    friend cpu_time operator-(const cpu_time& a, const cpu_time& b) { return {a.used - b.used, a.starved - b.starved}; }
};

cpu_time cpu_of_this_process() {
    cpu_time out;
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto of = [](const timeval& t) {
        return std::chrono::seconds(t.tv_sec) + std::chrono::microseconds(t.tv_usec);
    };
    out.used = of(used.ru_utime) + of(used.ru_stime);
    std::error_code gone;
    for (const auto& thread : std::filesystem::directory_iterator("/proc/self/task", gone)) {
        std::int64_t ran = 0;
        std::int64_t waited = 0;
        if (std::ifstream(thread.path() / "schedstat") >> ran >> waited) out.starved += duration(waited);
    }
    return out;
}

/// A thread's loop and pool. The first one runs in the main thread.
struct worker {
    worker(const order& share, std::uint64_t seed) : connections(loop, share, seed) {}
    net::io_context loop{1};
    pool connections;
};

/// CPU time over exactly the measured phase.
class cpu_watch {
public:
    cpu_watch(net::io_context& loop, time_point from, time_point until) : timer_(loop), until_(until) {
        timer_.expires_at(from);
        timer_.async_wait([this](const boost::system::error_code& cancelled) {
            if (cancelled) return;
            begin_ = cpu_of_this_process();
            timer_.expires_at(until_);
            timer_.async_wait([this](const boost::system::error_code& stopped) {
                if (!stopped) used_ = cpu_of_this_process() - *begin_;
            });
        });
    }
    /// The phase ends now, if it has not ended.
    void stop() {
        if (begin_ && !used_) used_ = cpu_of_this_process() - *begin_;
        timer_.cancel();
    }
    [[nodiscard]] cpu_time used() const { return used_.value_or(cpu_time{}); }

private:
    net::steady_timer timer_;
    time_point until_;
    std::optional<cpu_time> begin_;
    std::optional<cpu_time> used_;
};

void write_samples(const std::string& file, const std::vector<sample>& all) {
    std::ofstream out(file);
    for (const auto& each : all)
        out << each.intended.time_since_epoch().count() << ' ' << each.sent.time_since_epoch().count() << ' '
            << each.answered.time_since_epoch().count() << '\n';
    if (!out.flush()) throw environment_lacks(fmt::format("{}: the samples could not be written", file));
}

void need_descriptors(const order& what) {
    const auto others = 16 + 4 * what.threads;  // standard streams, the loops' own
    const auto limit = raise_descriptor_limit();
    if (std::uint64_t{what.connections} + others > limit)
        throw environment_lacks(fmt::format(
            "{} connections need {} descriptors and the hard limit here is {}: raise it (ulimit -Hn) or ask "
            "for fewer",
            what.connections, what.connections + others, limit));
}

}  // namespace

report make_load(const order& what, const std::function<void(const phase&)>& phase_is) {
    need_descriptors(what);
    std::deque<worker> workers;
    for (const auto& share : shares_of(what))
        workers.emplace_back(share, what.seed + workers.size());
    const auto now = steady::now();
    const auto from = now + what.warm_up;
    const auto until = from + what.measured;
    if (phase_is) phase_is({from, until});
    auto& main_loop = workers.front().loop;
    cpu_watch cpu(main_loop, from, until);
    auto ended = until;
    net::signal_set signals(main_loop, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& cancelled, int) {
        if (cancelled) return;
        const auto stopped = steady::now();
        ended = std::min(ended, stopped);
        cpu.stop();
        for (auto& each : workers)
            net::post(each.loop, [&each, stopped] { each.connections.stop(stopped); });
    });
    for (auto& each : workers)
        each.connections.start(now, from, until);
    std::vector<std::jthread> threads;
    for (auto each = std::next(workers.begin()); each != workers.end(); ++each)
        threads.emplace_back([each] { each->loop.run(); });
    // The signals' wait keeps the first loop alive: it ends when its pool has.
    while (!workers.front().connections.is_over() && main_loop.run_one() != 0) {
    }
    signals.cancel();
    main_loop.run();
    threads.clear();  // joins
    tally all;
    for (const auto& each : workers)
        all.add(each.connections.counts());
    auto out = report_of(all);
    out.began = from;
    out.lasted = std::max(duration::zero(), std::min(ended, until) - from);
    out.cpu = cpu.used().used;
    out.starved = cpu.used().starved;
    if (!what.samples.empty()) write_samples(what.samples, all.samples);
    return out;
}

int play_load() {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    const auto what = parse_order(text).value();
    if (const auto why = why_impossible(what); !why.empty()) throw bad_input(why);
    const auto say = [](const std::string& line) {
        fmt::print("{}\n", line);
        std::fflush(stdout);
    };
    say(to_json(make_load(what, [&](const phase& planned) { say(to_json(planned)); })));
    return 0;
}

}  // namespace firstfin::load
