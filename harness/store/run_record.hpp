#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/verdict/verdict.hpp"
#include "harness/witness/timeline.hpp"

// What a run keeps, as values: written by the runner through run_db, read by reports.

namespace firstfin::store {

using text_pairs = std::vector<std::pair<std::string, std::string>>;

/// A swept parameter and its values in sweep order, as canonical text.
struct axis_record {
    std::string name;
    std::vector<std::string> values;
};

/// [[expect]]: what was claimed and what is so today, for the cells that `when` selects.
struct expect_record {
    text_pairs when;
    std::string measure = "first_fin";  ///< a name that measure::find knows
    std::string article;                ///< a value of `measure`; empty: nothing was claimed
    std::string today;                  ///< a value of `measure`, or "undecided"
    std::string claim{};                ///< number of the claim in what is being checked; empty: none
    std::string said{};                 ///< the claim in words
    std::string because{};              ///< why it is so today, in a sentence
    bool occurs = false;                ///< one trial that shows it is enough
    std::string not_shown{};            ///< why this run cannot show it; empty: it can
};

struct run_record {
    std::string name;  ///< of the experiment file, without folder and ending
    std::string title;
    std::string experiment_text;  ///< the TOML as it was read, overrides included as comments
    std::string plan_hash;        ///< of cells, replicates, seed, scale and version: what --resume compares
    std::string version;
    std::uint64_t seed = 0;
    double time_scale = 1;
    std::uint32_t replicates = 1;
    std::string sandbox;     ///< netns, userns, loopback
    text_pairs environment;  ///< kernel, cpu, sysctls, ...
    std::vector<axis_record> axes;
    std::vector<expect_record> expects;
};

struct cell_record {
    std::string id;                  ///< 16 hex digits
    text_pairs params;               ///< every canonical parameter, sorted by name
    std::string predicted;           ///< server, client, undecided, nobody
    std::optional<duration> margin;  ///< distance between the two sides' idle limits; nothing when only one has a limit
    duration longest{};              ///< predicted start to first FIN, latest
};

/// What else the client program of a trial opened: connections that it never used for a request, and later ones.
struct other_connection {
    endpoint client;
    bool used = false;
    party first_fin = party::none;
    firstfin::ending ending = firstfin::ending::open;
    std::optional<duration> idle_at_close;  ///< of a never used one: since its handshake

    friend bool operator==(const other_connection&, const other_connection&) = default;
};

struct trial_record {
    std::string cell;
    std::uint32_t number = 0;  ///< from 0
    firstfin::verdict verdict;
    witness::timeline timeline;
    std::optional<duration> client_age{};  ///< of a client program: from its start to its first request
    std::vector<other_connection> others{};
};

/// Sockets of one stage by state at one moment.
struct state_count_record {
    duration at{};  ///< since the run's start
    std::uint32_t stage = 0;
    side of{};
    std::vector<std::pair<tcp_state, std::uint32_t>> counts;
};

/// What is known only at the end.
struct run_end_record {
    double resolution_ms = 0;  ///< p99 lateness of both roles
    bool interrupted = false;
    duration wall{};
    std::uint64_t segments_captured = 0;
    std::uint64_t segments_lost = 0;
    std::vector<std::string> warnings;
};

}  // namespace firstfin::store
