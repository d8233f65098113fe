#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/bench/result.hpp"

namespace firstfin::bench {

/// Who says which side sent the first FIN.
enum class close_witness {
    states,  ///< the client's sockets, asked before each own close
    wire,    ///< a capture of SYN, FIN and RST at the client's end
};

/// What to benchmark: every combination of the lists is a case.
struct settings {
    std::string name = "bench";  ///< of the run's folder
    std::string title;
    std::vector<std::string> targets{"builtin"};  ///< builtin, nginx, or a URL
    std::vector<std::uint32_t> connections{64};
    std::vector<count_limit> requests_per_connection{{1}, {10}, {100}, count_limit::unlimited()};
    std::vector<std::optional<double>> rates{std::nullopt};  ///< requests a second; none: a closed loop
    std::vector<load::closer> ends{load::closer::server};
    std::vector<std::map<std::string, std::string>> sysctls{{}};  ///< of the client's network, a variant each
    close_witness witness = close_witness::states;
    std::uint32_t pipelining = 1;
    load::arrival spacing = load::arrival::fixed;
    duration measured = std::chrono::seconds(10);
    duration warm_up = std::chrono::seconds(1);
    duration patience = std::chrono::seconds(10);
    std::uint32_t repetitions = 5;
    std::uint32_t threads = 1;
    std::uint64_t seed = 1;
};

/// The value of one setting from its text: lists with commas ("1,10,100,inf"). The names are those of the file's keys;
/// throws bad_input with the name, what was there and what was expected.
void set(settings& into, std::string_view name, std::string_view text);
/// Every name that `set` knows, with what it means, for --help and for errors.
struct setting_name {
    std::string_view name;
    std::string_view meaning;
    std::string_view usual;
};
[[nodiscard]] const std::vector<setting_name>& setting_names();

/// A [bench] table. Throws bad_input with file:line:column.
[[nodiscard]] settings read_settings(const std::filesystem::path& file);

/// Every combination, in the order of the lists; names are unique.
[[nodiscard]] std::vector<bench_case> cases_of(const settings& all);

/// The case has fewer ports than Linux gives: it exists to run out of them, and doing so is its result, not its
/// failure.
[[nodiscard]] bool wants_exhaustion(const bench_case& what);

}  // namespace firstfin::bench

namespace firstfin {
template <>
inline constexpr std::array names_of<bench::close_witness> = {
    enum_name<bench::close_witness>{bench::close_witness::states, "states"},
    enum_name<bench::close_witness>{bench::close_witness::wire, "wire"}};
}  // namespace firstfin
