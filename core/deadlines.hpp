#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/set.hpp>

#include "core/duration.hpp"

namespace firstfin {

/// All deadlines of one loop behind one timer. A deadline is a hook inside its owner, so an idle connection costs no
/// allocation, and destroying or re-arming the owner can never leave a queued handler with a dangling reference: the
/// only handler is the queue's own, and it looks at the hooks when it runs.
class deadlines {
public:
    class hook : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    public:
        [[nodiscard]] bool armed() const { return is_linked(); }
        [[nodiscard]] time_point due() const { return due_; }
        void disarm() { unlink(); }

        friend bool operator<(const hook& left, const hook& right) { return left.due_ < right.due_; }

    protected:
        hook() = default;
        virtual ~hook() = default;  // virtual for -Wnon-virtual-dtor only: nobody deletes through a hook
        hook(const hook&) = delete;
        hook& operator=(const hook&) = delete;

    private:
        friend class deadlines;
        /// Called once, disarmed, at or after `due`. The owner decides and acts; it may re-arm or destroy itself.
        virtual void on_deadline(duration lateness) = 0;
        time_point due_{};
    };

    explicit deadlines(boost::asio::io_context& loop) : timer_(loop) {}

    /// Moves `owner`'s deadline to `due`; time_point::max() disarms.
    void arm(hook& owner, time_point due);
    /// Forgets the timer so that the loop can run empty; hooks stay as they are.
    void stop();

private:
    void wake_at(time_point due);
    void run_due();

    boost::asio::steady_timer timer_;
    time_point armed_for_ = time_point::max();
    boost::intrusive::multiset<hook, boost::intrusive::constant_time_size<false>> waiting_;
};

/// `from` + `limit`, with "never" staying never.
[[nodiscard]] inline time_point deadline_after(time_point from, time_limit limit) {
    return limit.is_never() ? time_point::max() : from + limit.value();
}

}  // namespace firstfin
