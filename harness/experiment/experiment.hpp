#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/experiment/settings.hpp"
#include "harness/store/run_record.hpp"

namespace firstfin::experiment {

/// One swept parameter.
struct axis {
    std::string key;
    std::vector<std::string> values;  ///< canonical text
    std::string where;
};

/// Axes that advance together; a plain axis is a group of one. Groups combine as a cross product.
using axis_group = std::vector<axis>;

/// An experiment file as a value, after overrides.
struct experiment {
    std::string name;
    std::string title;
    std::string text;              ///< what was read, for the store
    std::filesystem::path folder;  ///< of the file: where a relative server.config starts
    std::vector<assignment> base;
    std::vector<axis_group> sweep;
    std::vector<store::expect_record> expects;
    std::uint32_t replicates = 1;
    duration observe = std::chrono::seconds(2);
    bool follow_tables = false;  ///< ask both tables until TIME_WAIT and FIN_WAIT_2 are gone, for at most `observe`
    std::uint64_t seed = 1;
    double time_scale = 1;
    bool time_scale_fixed = false;  ///< its times are chosen for what they show: --time-scale leaves it alone
};

/// Reads a TOML file. Throws bad_input "file:line:column: what was expected".
[[nodiscard]] experiment read_experiment(const std::filesystem::path& file);

/// An experiment without a file: two sides and nothing swept.
[[nodiscard]] experiment bare_experiment(const std::string& server_profile, const std::string& client_profile);

/// "server.keepalive_timeout=120s" from the command line: replaces the base value and any axis of that name. A path is
/// taken from the current folder there.
void override_setting(experiment& into, const std::string& text);

}  // namespace firstfin::experiment
