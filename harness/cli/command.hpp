#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace firstfin::cli {

/// Exit codes of every program here.
namespace exit_code {
inline constexpr int fine = 0;
inline constexpr int findings = 1;
inline constexpr int bad_usage = 2;
inline constexpr int environment_lacks = 3;
inline constexpr int interrupted = 4;
}  // namespace exit_code

/// Set by the chosen subcommand while options are parsed; run by main afterwards.
using chosen_command = std::function<int()>;

// Each adds its options to the program and, when chosen, leaves what to do in `chosen`.
void add_run(CLI::App& program, chosen_command& chosen);
void add_report(CLI::App& program, chosen_command& chosen);
void add_claims(CLI::App& program, chosen_command& chosen);
void add_explain(CLI::App& program, chosen_command& chosen);
void add_states(CLI::App& program, chosen_command& chosen);
void add_doctor(CLI::App& program, chosen_command& chosen);
void add_read(CLI::App& program, chosen_command& chosen);
void add_predict(CLI::App& program, chosen_command& chosen);
void add_profiles(CLI::App& program, chosen_command& chosen);
void add_subjects(CLI::App& program, chosen_command& chosen);
void add_validate(CLI::App& program, chosen_command& chosen);
void add_bench(CLI::App& program, chosen_command& chosen);
void add_compare(CLI::App& program, chosen_command& chosen);
void add_init(CLI::App& program, chosen_command& chosen);

}  // namespace firstfin::cli
