#include "server/nginx/event_loop.hpp"

#include <fmt/format.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/parse_error.hpp"

namespace firstfin::nginx {

namespace {

constexpr std::size_t events_at_once = 512;  // nginx's epoll_events
constexpr auto lazy_delay = std::chrono::milliseconds(300);

[[noreturn]] void refuse(const char* what) {
    throw environment_lacks(fmt::format("{}: {}", what, std::strerror(errno)));
}

int checked(const char* what, int result) {
    if (result < 0) refuse(what);
    return result;
}

}  // namespace

event_loop::event_loop() : events_(events_at_once) {
    epoll_ = checked("epoll_create1", ::epoll_create1(EPOLL_CLOEXEC));
    timer_ = checked("timerfd_create", ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    epoll_event what{};
    what.events = EPOLLIN | EPOLLET;  // never read: setting it again makes it quiet
    checked("epoll_ctl of the timer", ::epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &what));
}

event_loop::~event_loop() {
    ::close(timer_);
    ::close(epoll_);
}

bool event_loop::try_watch(int fd, event_source& owner, std::uint32_t events) noexcept {
    epoll_event what{};
    what.events = events;
    what.data.ptr = &owner;
    return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &what) == 0;
}

void event_loop::watch(int fd, event_source& owner, std::uint32_t events) {
    if (!try_watch(fd, owner, events)) refuse("epoll_ctl");
}

void event_loop::change(int fd, event_source& owner, std::uint32_t events) noexcept {
    epoll_event what{};
    what.events = events;
    what.data.ptr = &owner;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &what);
}

void event_loop::forget(int fd) noexcept {
    ::epoll_ctl(epoll_, EPOLL_CTL_DEL, fd, nullptr);
}

void event_loop::arm(deadline_queue::hook& owner, duration after) {
    const auto due = clock_.now() + after;
    if (owner.armed()) {
        const auto apart = due > owner.due() ? due - owner.due() : owner.due() - due;
        if (apart < lazy_delay) return;
    }
    deadlines_.arm(owner, due);
    if (due < armed_for_) wake_at(due);
}

void event_loop::cancel(posted_task& task) noexcept {
    std::replace(posted_.begin(), posted_.end(), &task, static_cast<posted_task*>(nullptr));
    std::replace(posted_next_.begin(), posted_next_.end(), &task, static_cast<posted_task*>(nullptr));
}

// A deadline that goes or moves later leaves the timer alone: it fires at the old moment, and finds what comes next.
void event_loop::wake_at(time_point due) {
    armed_for_ = due;
    const auto since_boot = std::chrono::duration_cast<std::chrono::nanoseconds>(due.time_since_epoch()).count();
    itimerspec when{};
    when.it_value = {since_boot / 1'000'000'000, since_boot % 1'000'000'000};
    if (::timerfd_settime(timer_, TFD_TIMER_ABSTIME, &when, nullptr) != 0) refuse("timerfd_settime");
}

void event_loop::wait_for_events() {
    const int patience = posted_.empty() ? -1 : 0;
    const int count = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()), patience);
    if (count < 0 && errno != EINTR) refuse("epoll_wait");
    clock_.update();
    for (int i = 0; i < count; ++i) {
        const auto& one = events_[static_cast<std::size_t>(i)];
        if (one.data.ptr != nullptr)
            static_cast<event_source*>(one.data.ptr)->on_events(one.events);
        else
            armed_for_ = time_point::max();
    }
}

void event_loop::run_round() {
    posted_.swap(posted_next_);  // posted_ is empty between rounds
    wait_for_events();
    while (deadlines_.run_one(clock_.now())) {
    }
    for (std::size_t i = 0; i < posted_.size(); ++i)  // it may grow meanwhile
        if (posted_[i] != nullptr) posted_[i]->on_posted();
    posted_.clear();
    if (deadlines_.earliest() < armed_for_) wake_at(deadlines_.earliest());
}

}  // namespace firstfin::nginx
