#include "client/session.hpp"

#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>

namespace firstfin::client {

namespace net = boost::asio;

session_end run_session(net::io_context& loop, trial_runner& runner, time_point ready,
                        std::function<void()> at_the_end) {
    constexpr auto patience_with_slow_reader = std::chrono::seconds(2);
    auto how = session_end::all_over;
    const auto stop_for = [&](session_end why) {
        how = why;
        runner.stop();
        loop.stop();
    };

    net::signal_set signals(loop, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& cancelled, int) {
        if (!cancelled) stop_for(session_end::interrupted);
    });
    // A pipe without reader reports an error condition; files and terminals do not, and refuse or ignore the wait.
    net::posix::stream_descriptor reader(loop);
    if (const int copy = ::dup(STDOUT_FILENO); copy >= 0) {
        reader.assign(copy);
        reader.async_wait(net::posix::stream_descriptor::wait_error, [&](const boost::system::error_code& unsupported) {
            if (!unsupported) stop_for(session_end::reader_gone);
        });
    }

    runner.start(ready, [&] {
        at_the_end();
        boost::system::error_code ignored;
        signals.cancel(ignored);
        reader.cancel(ignored);
    });
    loop.run();
    if (how == session_end::interrupted) {
        loop.restart();
        loop.run_for(patience_with_slow_reader);
    }
    return how;
}

}  // namespace firstfin::client
