#pragma once

#include "client/trial_runner.hpp"

namespace firstfin::client {

enum class session_end {
    all_over,
    interrupted,  ///< SIGINT or SIGTERM
    reader_gone,  ///< nobody reads standard output any more
};

/// Runs the loop until no trial is left. On a signal, or when the reader of standard output is gone, every connection
/// is closed at once and the loop gets a moment to write down what happened. `at_the_end` runs when no connection is
/// left.
[[nodiscard]] session_end run_session(boost::asio::io_context& loop, trial_runner& runner, time_point ready,
                                      std::function<void()> at_the_end);

}  // namespace firstfin::client
