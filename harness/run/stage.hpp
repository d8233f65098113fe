#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/experiment/plan.hpp"
#include "harness/run/program_process.hpp"
#include "harness/run/role_process.hpp"
#include "harness/witness/capture.hpp"
#include "harness/witness/sock_diag.hpp"

namespace firstfin::run {

/// Where the two sides of some cells live, and the witnesses that watch them. What a stage is made of depends on the
/// sandbox; whoever uses one need not know. Destroying a stage ends what it is made of.
class stage {
public:
    struct options {
        unsigned number = 0;  ///< unique among all stages that run at once: it decides the addresses
        experiment::stage_key key;
        std::size_t trials = 0;
        unsigned client_addresses = 1;
        std::vector<std::uint64_t> addressed_trials;  ///< those of client programs, each with a server address
        std::string server_program;
        std::string client_program;
    };

    explicit stage(options what) : options_(std::move(what)) {}
    virtual ~stage() = default;
    stage(const stage&) = delete;
    stage& operator=(const stage&) = delete;

    /// Forks a role program on its side.
    [[nodiscard]] virtual std::unique_ptr<role_process> start_role(side which) = 0;

    /// Starts a program on a side.
    [[nodiscard]] virtual std::unique_ptr<program_process> start_program(side which, const program_order& what) = 0;

    [[nodiscard]] const experiment::stage_key& key() const { return options_.key; }
    [[nodiscard]] const std::string& program_of(side which) const {
        return which == side::server ? options_.server_program : options_.client_program;
    }
    /// A program plays the server, which says nothing of itself.
    [[nodiscard]] bool has_silent_server() const { return options_.key.nginx || options_.key.server_program; }

    [[nodiscard]] virtual address server_address() const = 0;
    /// Of one of the addressed trials.
    [[nodiscard]] virtual address trial_address(std::uint64_t trial) const = 0;
    /// The addresses a client must bind; empty: it leaves that to the kernel.
    [[nodiscard]] virtual std::vector<address> client_sources() const = 0;
    [[nodiscard]] unsigned number() const { return options_.number; }

    /// The socket table that holds this side's ends.
    [[nodiscard]] virtual witness::sock_diag& table(side of) = 0;
    /// This side's sockets, and nobody else's.
    [[nodiscard]] virtual witness::state_counts count_states(side of) = 0;
    /// Null where nothing can be captured.
    [[nodiscard]] virtual witness::capture* wire() = 0;
    /// TIME_WAIT entries the kernel refused on either side since the start.
    [[nodiscard]] virtual std::uint64_t time_wait_overflow() const = 0;
    /// What makes everything seen on this stage's link no evidence, in words: segments that it lost.
    [[nodiscard]] virtual std::optional<std::string> link_trouble() { return std::nullopt; }

protected:
    [[nodiscard]] const options& what() const { return options_; }

private:
    options options_;
};

}  // namespace firstfin::run
