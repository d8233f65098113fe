#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "core/deadline_queue.hpp"
#include "core/duration.hpp"

namespace firstfin {

/// All deadlines of one loop behind one timer. Destroying or re-arming an owner can never leave a queued handler with a
/// dangling reference: the only handler is the timer's own, and it looks at the queue when it runs.
class deadlines {
public:
    using hook = deadline_queue::hook;

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
    deadline_queue waiting_;
};

/// `from` + `limit`, with "never" staying never.
[[nodiscard]] inline time_point deadline_after(time_point from, time_limit limit) {
    return limit.is_never() ? time_point::max() : from + limit.value();
}

}  // namespace firstfin
