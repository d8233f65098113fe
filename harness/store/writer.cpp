#include "harness/store/writer.hpp"

#include <fmt/format.h>

#include <cassert>

namespace firstfin::store {

writer::writer(run_db& into) : into_(into), thread_([this] { write_until_closed(); }) {}

void writer::push(trial_record&& trial) {
    {
        const std::lock_guard guard(mutex_);
        assert(!closing_);
        if (failure_) return;
        queue_.trials.push_back(std::move(trial));
    }
    changed_.notify_one();
}

void writer::push(state_count_record count) {
    {
        const std::lock_guard guard(mutex_);
        assert(!closing_);
        if (failure_) return;
        queue_.counts.push_back(std::move(count));
    }
    changed_.notify_one();
}

std::optional<std::string> writer::failure() const {
    const std::lock_guard guard(mutex_);
    return failure_;
}

std::size_t writer::stored() const {
    const std::lock_guard guard(mutex_);
    return stored_;
}

void writer::close() {
    {
        const std::lock_guard guard(mutex_);
        closing_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

bool writer::take(batch& out) {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return closing_ || !queue_.empty(); });
    if (queue_.empty()) return false;
    std::swap(out, queue_);
    return true;
}

void writer::give_up(std::string why) {
    const std::lock_guard guard(mutex_);
    failure_ = std::move(why);
    queue_.clear();
}

void writer::write_until_closed() {
    batch now;
    while (take(now)) {
        try {
            const auto rows = into_.add(now.trials, now.counts);
            const std::lock_guard guard(mutex_);
            stored_ += rows;
        } catch (const std::exception& failed) {
            give_up(fmt::format("{}; {} finished trials were not stored", failed.what(), now.trials.size()));
            return;
        }
        now.clear();
    }
}

}  // namespace firstfin::store
