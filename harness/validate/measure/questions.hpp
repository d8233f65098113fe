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
    std::string peer{};
    server_policy server{};
    client_policy client{};
    /// Idle; or, as nginx does to an upstream it will not keep, Connection: close; or, at the edge, a second request
    /// that is on its way when the server's limit runs out.
    scenario what{};
    bool at_edge = false;   ///< its times are scaled already, because the link's is not
    duration link_delay{};  ///< one way
    outlook ahead{};
    std::size_t cell = 0;  ///< alike pairs share one: its row in the experiment's sweep
};

/// The settings of a cell as an experiment has them, by name: pairs with the same are one cell.
using cell_settings = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] cell_settings settings_of(const server_policy& server, const client_policy& client, const scenario& what,
                                        duration link_delay);

struct unasked {
    std::string hop;
    std::string peer{};
    std::string why;
};

struct questions {
    std::vector<question> asked;
    std::vector<unasked> left;  ///< pairs that nobody here can play
    std::size_t cells = 0;
    double time_scale = 1;
};

/// At a time scale at which the longest idle close takes about `wanted`; 1 where that is long enough.
[[nodiscard]] questions questions_of(const validation& judged, duration wanted);

/// Nobody asks what becomes of requests at the edge: a link with a delay cannot be had here.
void leave_edges(questions& from, const std::string& why);

/// One row for each cell: of those that idle, or of those at the edge, which keep their times.
enum class part : std::uint8_t { idle, edge };
[[nodiscard]] experiment::experiment experiment_of(const questions& all, part which, std::uint32_t replicates);

}  // namespace firstfin::validate::measure
