#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <vector>

#include "core/deadline_queue.hpp"
#include "server/nginx/worker_clock.hpp"

namespace firstfin::nginx {

/// A descriptor's owner, as epoll calls it.
class event_source {
public:
    /// EPOLLIN, EPOLLOUT, EPOLLRDHUP ...; edges, unless watched otherwise.
    virtual void on_events(std::uint32_t events) = 0;

protected:
    event_source() = default;
    ~event_source() = default;
    event_source(const event_source&) = delete;
    event_source& operator=(const event_source&) = delete;
};

/// What wants to go on in this round, once events and deadlines are done (ngx_posted_events).
class posted_task {
public:
    virtual void on_posted() = 0;

protected:
    posted_task() = default;
    ~posted_task() = default;
    posted_task(const posted_task&) = delete;
    posted_task& operator=(const posted_task&) = delete;
};

/// nginx's round of events: first what came in, then what is due, then what was posted (ngx_process_events_and_timers).
/// The order decides who wins: a request that arrived late, but before the loop looked, is served. Asio promises no
/// such order, hence epoll itself. Deadlines wake by timerfd, which is not late by a thousandth as epoll_wait is.
class event_loop {
public:
    event_loop();
    ~event_loop();
    event_loop(const event_loop&) = delete;
    event_loop& operator=(const event_loop&) = delete;

    [[nodiscard]] const worker_clock& clock() const { return clock_; }

    /// Throws environment_lacks when the kernel refuses.
    void watch(int fd, event_source& owner, std::uint32_t events);
    /// False when the kernel refuses: no memory, too many watches.
    [[nodiscard]] bool try_watch(int fd, event_source& owner, std::uint32_t events) noexcept;
    void change(int fd, event_source& owner, std::uint32_t events) noexcept;
    void forget(int fd) noexcept;

    /// A deadline `after` from now, kept when one is armed already that is less than 300 ms away from it: nginx spares
    /// its tree that (NGX_TIMER_LAZY_DELAY), and so repeated timeouts may fire as much early.
    void arm(deadline_queue::hook& owner, duration after);
    /// `task` must live until it has run; to be posted once at a time.
    void post(posted_task& task) { posted_.push_back(&task); }
    /// The same, for the next round: others come first.
    void post_next(posted_task& task) { posted_next_.push_back(&task); }

    /// Takes back what was posted.
    void cancel(posted_task& task) noexcept;

    /// Waits for something to do, and does it. Returns when all of it is done.
    void run_round();

private:
    void wait_for_events();
    void wake_at(time_point due);

    worker_clock clock_;
    deadline_queue deadlines_;
    std::vector<posted_task*> posted_;
    std::vector<posted_task*> posted_next_;
    std::vector<epoll_event> events_;
    time_point armed_for_ = time_point::max();
    int epoll_ = -1;
    int timer_ = -1;
};

}  // namespace firstfin::nginx
