#include "core/deadlines.hpp"

namespace firstfin {

void deadlines::arm(hook& owner, time_point due) {
    waiting_.arm(owner, due);
    if (due < armed_for_) wake_at(due);
}

void deadlines::stop() {
    timer_.cancel();
    armed_for_ = time_point::max();
}

// A deadline that moves later does not touch the timer: it fires at the old moment, finds nothing due and looks ahead.
void deadlines::wake_at(time_point due) {
    armed_for_ = due;
    timer_.expires_at(due);
    timer_.async_wait([this](const boost::system::error_code& cancelled) {
        // A cancelled wait that was ready already comes with success: after stop() it must not wake anybody.
        if (!cancelled && armed_for_ != time_point::max()) run_due();
    });
}

void deadlines::run_due() {
    armed_for_ = time_point::max();
    while (waiting_.run_one(steady::now())) {
    }
    if (waiting_.earliest() < armed_for_) wake_at(waiting_.earliest());
}

}  // namespace firstfin
