#pragma once

#include <deque>
#include <functional>

#include "harness/sandbox/stage_network.hpp"
#include "tests/peers/nginx/comparison.hpp"

namespace firstfin::testing {

/// One connection of the client, and what it learns at its end while the steps are played.
class client_connection {
public:
    /// Delivers a signal to the program, together with the other plays, and says when.
    using deliver = std::function<time_point(int number)>;
    /// Connects. `network` outlives it.
    client_connection(const sandbox::stage_network& network, std::uint16_t port, deliver signal);

    /// Stops at the first step that cannot be played.
    void play(const std::vector<step>& steps);
    /// Takes what the server has sent meanwhile, without waiting.
    void finish();

    [[nodiscard]] const endpoint& local() const { return local_; }
    [[nodiscard]] observed_play& seen() { return seen_; }

private:
    void act(const send_bytes& what, observed_step&);
    void act(const trickle& what, observed_step&);
    void act(const pause_for& what, observed_step&);
    void act(const half_close&, observed_step&);
    void act(const close_all&, observed_step&);
    void act(const send_signal& what, observed_step&);
    void act(const open_beside&, observed_step&);
    void act(const await_beside&, observed_step&);
    void act(const expect_answer& want, observed_step& out);
    void act(const expect_end& want, observed_step&);
    void act(const expect_late_bytes&, observed_step& out);
    void act(const expect_time_wait&, observed_step& out);
    void act(const expect_server_state& want, observed_step& out);
    void act(const expect_refusal&, observed_step&);

    bool receive(duration patience);
    void send_now(std::string_view text);
    [[nodiscard]] bool is_dead() const;

    const sandbox::stage_network& network_;
    deliver signal_;
    endpoint server_;
    sandbox::unique_fd fd_;
    endpoint local_;
    sandbox::unique_fd beside_;
    answer_reader reader_;
    std::deque<bool> asked_;  ///< requests without their answer; true: a HEAD
    observed_play seen_;
    bool any_answer_ = false;
};

}  // namespace firstfin::testing
