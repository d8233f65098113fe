#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <string>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// One repetition of one case: what it takes to run it.
struct trial_order {
    bench_case what;
    std::string server_program;  ///< firstfin-server
    std::string load_program;    ///< firstfin-client
    duration warm_up{};
    duration measured{};
    duration patience{};
    std::uint32_t threads = 1;
    std::uint64_t seed = 1;
    bool watch_wire = false;  ///< first FINs by a capture, too
    // Of a URL:
    endpoint server;
    std::string authority;
    std::string path = "/";
};

struct trial_result {
    repetition measured;
    bool interrupted = false;
};

/// Runs it: for builtin and nginx in two network namespaces of its own with a link between them, so that ports, socket
/// tables and counters are this trial's alone; for a URL where we are. Blocks until it is over, or `stop_now` says so.
/// Throws environment_lacks when something needed is not here, or the server does not listen.
[[nodiscard]] trial_result run_trial(const trial_order& order, const std::function<bool()>& stop_now);

}  // namespace firstfin::bench
