#pragma once

#include <memory>

#include "core/deadline_queue.hpp"
#include "server/nginx/connection_table.hpp"
#include "server/nginx/event_loop.hpp"
#include "server/nginx/exchange.hpp"
#include "server/nginx/input.hpp"
#include "server/nginx/request_in_progress.hpp"
#include "server/nginx/worker_state.hpp"

namespace firstfin::nginx {

/// One client connection, from accept to close, step by step as nginx has it: every member function names the function
/// of ngx_http_request.c that it stands for. Owned by the worker's table; closes its socket itself, and nobody else
/// does.
class connection final : public table_entry, private event_source, private posted_task, private deadline_queue::hook {
public:
    /// Takes over `fd`: accepted, non-blocking. `facts.requests` is 0.
    connection(worker_state& worker, int fd, const connection_facts& facts);
    ~connection() override;

    /// Waits for the first request. Once, after it is in the table.
    void begin();

    void give_way() override;
    /// The worker shall end: an idle connection closes (ngx_close_idle_connections).
    void end_if_idle();
    /// worker_shutdown_timeout is over: everything closes but a header half read (ngx_shutdown_timer_handler).
    void end_anyhow();

private:
    enum class phase : std::uint8_t { waiting, reading_header, answering, discarding, lingering, idle, closed };

    void on_events(std::uint32_t events) override;
    void on_posted() override;
    void on_deadline(duration lateness) override;
    void on_readable();
    void on_writable();

    void read_first_bytes();
    void begin_request();
    void read_header();
    void begin_answer();
    void begin_refusal();
    void begin_sending();
    void send_answer();
    void watch_output();
    [[nodiscard]] exchange exchange_now(int discard_error) const;

    enum class discarded : std::uint8_t { all, some, bad };
    [[nodiscard]] discarded discard_buffered();
    [[nodiscard]] discarded begin_discarding();
    [[nodiscard]] discarded discard_from_socket();
    void discard_more();

    void finish_answer();
    void settle();
    void keep();
    void wait_idle();
    void be_idle();
    void idle_is_over();
    void count_lingering();
    void begin_lingering();
    void linger_on();

    enum class ending : std::uint8_t { fin, as_timed_out };
    void log_answer();
    void close_with(ending how);
    void abandon(const char* why, ending how);
    void leave_request();
    [[nodiscard]] const nginx_conf::location_values& values() const;
    void arm(nginx_conf::milliseconds after);
    void post();

    worker_state& worker_;
    connection_facts facts_;
    std::unique_ptr<request_in_progress> request_;
    const nginx_conf::location_values* values_ = nullptr;  ///< of the last answer's location
    int fd_;
    phase phase_ = phase::waiting;
    input input_;
    bool watches_output_ = false;
    bool delayed_ = false;  ///< limit_rate: the deadline is no timeout
    bool posted_ = false;
    bool was_pipelined_ = false;             ///< c->pipeline
    bool no_delay_ = false;                  ///< TCP_NODELAY is set
    bool idle_ = false;                      ///< c->idle: ends with the worker
    nginx_conf::milliseconds idle_rest_{0};  ///< what follows keepalive_min_timeout
};

}  // namespace firstfin::nginx
