#include "client/trial_runner.hpp"

#include <fmt/format.h>

#include <utility>

#include "client/request_text.hpp"

namespace firstfin::client {

trial_runner::trial_runner(boost::asio::io_context& loop, role::client_order order, std::string host, event_sink tell)
    : room_{loop,
            deadlines(loop),
            handshake_gate(order.handshakes_in_flight),
            std::move(order),
            std::move(host),
            std::move(tell),
            {}},
      live_(room_.order.trials.size()) {
    if (room_.order.handshakes_in_flight == 0) throw bad_input("handshakes_in_flight is 0: no trial could ever start");
    for (const auto& each : room_.order.scenarios)
        if (const auto wrong = why_unsendable(each)) throw bad_input(wrong->message);
    room_.on_over = [this](std::size_t place) { on_over(place); };
    room_.gate.on_room([this] { start_due(); });
}

void trial_runner::start(time_point ready, std::function<void()> on_all_over) {
    ready_ = ready;
    on_all_over_ = std::move(on_all_over);
    if (live_.empty()) return leave_the_loop();
    start_due();
}

// A trial that ends while it starts (no port, no descriptor) gives its place in the gate back and so comes here again.
void trial_runner::start_due() {
    if (std::exchange(starting_, true)) return;
    while (!stopped_ && next_ < live_.size()) {
        const auto due = ready_ + room_.order.trials[next_].start_offset;
        if (due > steady::now()) {
            room_.timers.arm(*this, due);
            break;
        }
        if (!room_.gate.try_enter()) break;
        const boost::intrusive_ptr<trial> begun(new trial(room_, next_));
        live_[next_++] = begun;
        begun->start();
    }
    starting_ = false;
}

void trial_runner::on_over(std::size_t place) {
    live_[place].reset();
    ++over_;
    if (over_ == live_.size() && !stopped_) leave_the_loop();
}

void trial_runner::stop() {
    if (std::exchange(stopped_, true)) return;
    for (std::size_t place = 0; place < next_; ++place)
        if (const auto running = live_[place]) running->stop();
    leave_the_loop();
}

void trial_runner::leave_the_loop() {
    stopped_ = true;
    disarm();
    room_.timers.stop();
    if (on_all_over_) on_all_over_();
}

}  // namespace firstfin::client
