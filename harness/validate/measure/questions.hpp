#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/experiment/experiment.hpp"
#include "harness/validate/validation.hpp"

// What was judged from profiles and settings, put to the test: every pair of a hop and a peer becomes a cell of one
// experiment, and the built-in server and client play it.

namespace firstfin::validate::measure {

/// A pair that can be played.
struct question {
    std::string hop;
    bool inward = true;
    std::string peer;
    server_policy server;
    client_policy client;
    bool asks_close = false;  ///< the client says Connection: close, as nginx does to an upstream it will not keep
    model::closer expected = model::closer::nobody;  ///< server and client of that hop
    std::size_t cell = 0;                            ///< alike pairs share one: its row in the experiment's sweep
};

/// The settings of a cell as an experiment has them, by name: pairs with the same are one cell.
using cell_settings = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] cell_settings settings_of(const server_policy& server, const client_policy& client, scenario_kind kind);

struct unasked {
    std::string hop;
    std::string peer;
    std::string why;
};

struct questions {
    std::vector<question> asked;
    std::vector<unasked> left;  ///< pairs that nobody here can play
    std::size_t cells = 0;
    duration longest{};  ///< the last idle close that is expected, at real time
};

[[nodiscard]] questions questions_of(const validation& judged);

/// One row for each cell, at a time scale at which the longest takes about `wanted`; 1 where that is long enough.
[[nodiscard]] experiment::experiment experiment_of(const questions& all, duration wanted, std::uint32_t replicates);

}  // namespace firstfin::validate::measure
