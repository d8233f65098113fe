#pragma once

#include <array>
#include <string>
#include <vector>

#include "harness/store/run_record.hpp"

// Connections and runs for tests of the store and the reports.

namespace firstfin::test {

/// What happens to one connection, as its witnesses saw it.
enum class story : std::uint8_t {
    server_first,   ///< idle close by the server, orderly
    client_first,   ///< idle close by the client, orderly
    crossed,        ///< both FINs under way at once
    server_resets,  ///< RST instead of FIN
    lost_request,   ///< a request meets the server's FIN
    never_closed,   ///< still open at the end
    without_wire,   ///< no capture: tables and subjects only
    contradicted,   ///< the client's table holds TIME_WAIT although the server's FIN came first
    lost_segments,  ///< the instrument failed
};
inline constexpr std::array all_stories{story::server_first,  story::client_first, story::crossed,
                                        story::server_resets, story::lost_request, story::never_closed,
                                        story::without_wire,  story::contradicted, story::lost_segments};

/// `idle`: from the last response byte to the first FIN or RST.
[[nodiscard]] witness::timeline tell(story what, duration idle = std::chrono::milliseconds(100));

/// With the verdict that judge() gives.
[[nodiscard]] store::trial_record sample_trial(std::string cell, std::uint32_t number, story what,
                                               duration idle = std::chrono::milliseconds(100));

/// Every member filled; two axes of two values.
[[nodiscard]] store::run_record sample_run();
/// The four cells of sample_run.
[[nodiscard]] std::vector<store::cell_record> sample_cells();
[[nodiscard]] store::run_end_record sample_end();

}  // namespace firstfin::test

namespace firstfin {
template <>
inline constexpr std::array names_of<test::story> = {
    enum_name<test::story>{test::story::server_first, "server_first"},
    enum_name<test::story>{test::story::client_first, "client_first"},
    enum_name<test::story>{test::story::crossed, "crossed"},
    enum_name<test::story>{test::story::server_resets, "server_resets"},
    enum_name<test::story>{test::story::lost_request, "lost_request"},
    enum_name<test::story>{test::story::never_closed, "never_closed"},
    enum_name<test::story>{test::story::without_wire, "without_wire"},
    enum_name<test::story>{test::story::contradicted, "contradicted"},
    enum_name<test::story>{test::story::lost_segments, "lost_segments"},
};
}  // namespace firstfin
