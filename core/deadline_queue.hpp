#pragma once

#include <boost/intrusive/set.hpp>

#include "core/duration.hpp"

namespace firstfin {

/// Deadlines in order of time, without a clock. A deadline is a hook inside its owner, so waiting costs no allocation,
/// and an owner that goes takes its deadline with it.
class deadline_queue {
public:
    class hook : public boost::intrusive::set_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
    public:
        [[nodiscard]] bool armed() const { return is_linked(); }
        [[nodiscard]] time_point due() const { return due_; }
        void disarm() { unlink(); }

        friend bool operator<(const hook& left, const hook& right) { return left.due_ < right.due_; }

    protected:
        hook() = default;
        virtual ~hook() = default;  // virtual for -Wnon-virtual-dtor only: nobody deletes through a hook
        hook(const hook&) = delete;
        hook& operator=(const hook&) = delete;

    private:
        friend class deadline_queue;
        /// Called once, disarmed, at or after `due`. The owner decides and acts; it may re-arm or destroy itself.
        virtual void on_deadline(duration lateness) = 0;
        time_point due_{};
    };

    /// Moves `owner`'s deadline to `due`; time_point::max() disarms.
    void arm(hook& owner, time_point due) {
        owner.disarm();
        if (due == time_point::max()) return;
        owner.due_ = due;
        waiting_.insert(owner);
    }

    /// max() when nobody waits.
    [[nodiscard]] time_point earliest() const { return waiting_.empty() ? time_point::max() : waiting_.begin()->due_; }

    /// Calls the first owner that is due, if one is.
    bool run_one(time_point now) {
        if (waiting_.empty() || waiting_.begin()->due_ > now) return false;
        auto& owner = *waiting_.begin();
        owner.disarm();
        owner.on_deadline(now - owner.due_);
        return true;
    }

private:
    boost::intrusive::multiset<hook, boost::intrusive::constant_time_size<false>> waiting_;
};

}  // namespace firstfin
