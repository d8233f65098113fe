#include "tests/server/support/event_log.hpp"

#include <algorithm>

namespace firstfin::test {

void event_log::add(const role::event& what) {
    const std::lock_guard lock(mutex_);
    events_.push_back(what);
    changed_.notify_all();
}

role::event event_log::await(const predicate& fits) {
    std::unique_lock lock(mutex_);
    auto found = events_.end();
    const auto there = [&] { return (found = std::ranges::find_if(events_, fits)) != events_.end(); };
    if (changed_.wait_for(lock, patience, there)) return *found;
    std::string story = "the expected event never came; seen:\n";
    for (const auto& each : events_)
        role::append_json(story, each);
    throw std::runtime_error(story);
}

role::event event_log::await(role::event_kind kind, std::uint64_t conn) {
    return await([&](const role::event& what) { return what.kind == kind && what.conn == conn; });
}

void event_log::await_count(role::event_kind kind, std::size_t count) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return count_of(events_, kind) >= count; }))
        throw std::runtime_error("only " + std::to_string(count_of(events_, kind)) + " of the expected events came");
}

std::vector<role::event> event_log::all() const {
    const std::lock_guard lock(mutex_);
    return events_;
}

std::size_t event_log::count(role::event_kind kind) const {
    return count_of(all(), kind);
}

std::string event_log::story(std::uint64_t conn) const {
    std::string out;
    for (const auto& each : all()) {
        if (each.conn != conn) continue;
        if (!out.empty()) out += ' ';
        out += to_text(each.kind);
    }
    return out;
}

std::size_t count_of(const std::vector<role::event>& events, role::event_kind kind) {
    return static_cast<std::size_t>(std::ranges::count(events, kind, &role::event::kind));
}

}  // namespace firstfin::test
