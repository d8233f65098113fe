#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "harness/run/orders.hpp"
#include "harness/run/program_process.hpp"
#include "harness/run/stage.hpp"
#include "harness/run/start_gate.hpp"

namespace firstfin::run {

/// The clients of a stage where an external program plays them: a process for every trial, one after the other, as many
/// at once as the gate lets in.
class client_programs {
public:
    struct callbacks {
        /// Its request should be on the wire by `latest`.
        std::function<void(std::uint64_t trial, time_point began, time_point latest)> started;
        /// How it is started.
        std::function<void(const assigned_trial& one, const program_order& what)> starts;
        /// It ended by itself, and was not meant to.
        std::function<void(std::uint64_t trial, const std::string& how)> ended;
    };

    /// Compiles what the programs need. Throws environment_lacks, with what the compiler said.
    client_programs(stage& where, std::vector<assigned_trial> trials, start_gate& gate, callbacks report);
    ~client_programs();

    /// The port of each trial's server, in the order of the trials. Nothing starts before.
    void serve(std::vector<std::uint16_t> ports) { ports_ = std::move(ports); }
    /// Starts what may start; lets go of what has ended.
    void advance(time_point now);
    /// Its first request is on the wire.
    void has_asked(std::uint64_t trial);
    /// Reports the trial's end now if its program has ended.
    void look(std::uint64_t trial);
    /// Nobody observes this trial any longer.
    void finish(std::uint64_t trial);
    /// Ends them all.
    void dismiss();

private:
    struct running {
        std::unique_ptr<program_process> process;
        std::uint64_t memory = 0;
        std::optional<time_point> up_by;  ///< while it counts as starting: when it no longer does
    };
    void is_up(running& one);
    void start(const assigned_trial& one, std::uint16_t port, time_point now);

    stage& stage_;
    std::vector<assigned_trial> trials_;
    std::size_t next_ = 0;
    start_gate& gate_;
    callbacks report_;
    std::vector<std::uint16_t> ports_;
    std::map<std::uint64_t, running> running_;  ///< by trial
    std::vector<running> dying_;
    std::map<std::string_view, std::optional<subjects::scratch_file>> built_;
};

}  // namespace firstfin::run
