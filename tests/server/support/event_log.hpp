#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

#include "core/role_protocol.hpp"

namespace firstfin::test {

/// How long a test waits for something that must happen: generous, for sanitizers on a busy machine.
inline constexpr auto patience = std::chrono::seconds(20);

/// Everything a server reported, for a test on another thread: waits for events, never for a time.
class event_log {
public:
    using predicate = std::function<bool(const role::event&)>;

    void add(const role::event& what);

    /// The first event that fits, now or within `patience`; throws with the story so far when none comes.
    [[nodiscard]] role::event await(const predicate& fits);
    [[nodiscard]] role::event await(role::event_kind kind, std::uint64_t conn = 1);
    void await_count(role::event_kind kind, std::size_t count);

    [[nodiscard]] std::vector<role::event> all() const;
    [[nodiscard]] std::size_t count(role::event_kind kind) const;
    /// The kinds reported for a connection, in order: "accepted request_received response_sent close".
    [[nodiscard]] std::string story(std::uint64_t conn = 1) const;

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<role::event> events_;
};

[[nodiscard]] std::size_t count_of(const std::vector<role::event>& events, role::event_kind kind);

}  // namespace firstfin::test
