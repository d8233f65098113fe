#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "harness/run/client_programs.hpp"
#include "harness/run/orders.hpp"
#include "harness/run/stage.hpp"
#include "harness/witness/joiner.hpp"

namespace firstfin::run {

/// A stage at work: hands the roles their orders and joins what all witnesses say into timelines. Knows nothing of
/// verdicts or of the store.
class stage_run {
public:
    struct callbacks {
        std::function<void(const witness::joiner::connection_ptr&)> changed;
        std::function<void(std::uint64_t trial, const std::string& why)> never_connected;
        std::function<void(std::uint64_t trial, const std::string& why)> abandoned;  ///< its process died
        std::function<void(side, duration)> timer_fired;
        std::function<void(const std::string&)> warn;
        std::function<void(const assigned_trial& first, const program_order& what)> server_starts;
        client_programs::callbacks client;
    };

    /// `gate` is shared by all stages of an execution, and outlives them.
    stage_run(boost::asio::io_context& loop, std::unique_ptr<stage> where, double time_scale, start_gate& gate,
              callbacks report);

    /// Forks the two processes of a pair.
    void add_pair(std::vector<assigned_trial> trials);
    /// Begins: capture into `file` where there is a wire, orders to the servers; each client follows when its server
    /// listens.
    void start(witness::capture_file* file);
    /// Starts the client programs that may start now.
    void advance(time_point now);
    /// This trial's program has made its first request.
    void has_asked(std::uint64_t trial);
    /// Reports a program of this trial that has ended, so that nobody takes the consequence for a close.
    void look(std::uint64_t trial);
    /// The trial has its verdict: its program, if it has one, is of no more use.
    void finish(std::uint64_t trial);
    /// Says goodbye to the roles and reads the capture to its end.
    [[nodiscard]] witness::capture::end stop(witness::capture_file* file);

    [[nodiscard]] stage& where() { return *stage_; }
    [[nodiscard]] witness::joiner& joined() { return join_; }

private:
    struct pair {
        std::uint32_t number = 0;
        std::vector<assigned_trial> trials;
        server_assignment servers;
        std::vector<std::uint16_t> ports;
        std::unique_ptr<role_process> server;  ///< none where a program plays the server
        std::unique_ptr<role_process> client;  ///< one of these two
        std::unique_ptr<client_programs> programs;
        bool over = false;
    };

    void act(time_point now);
    void start_server(const assigned_trial& first);
    void give_client_order(pair& of);
    void on_server_event(pair& of, const role::event& said);
    void on_client_event(pair& of, const role::event& said);
    void on_end(pair& of, const std::string& how);
    void wait_for_frames(witness::capture_file* file);
    void take_frame(time_point at, std::span<const std::uint8_t> frame);

    std::unique_ptr<stage> stage_;
    double time_scale_;
    callbacks report_;
    witness::joiner join_;
    std::vector<std::unique_ptr<pair>> pairs_;
    start_gate& gate_;
    std::unique_ptr<program_process> server_;  ///< for all pairs
    std::uint16_t server_port_ = 0;            ///< its
    time_point started_;
    bool acted_ = false;
    std::optional<boost::asio::posix::stream_descriptor> capture_ready_;  ///< none without a wire
    witness::capture::on_frame on_frame_;
    address server_address_;
};

}  // namespace firstfin::run
