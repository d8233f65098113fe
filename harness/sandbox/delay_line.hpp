#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "core/duration.hpp"

namespace firstfin::sandbox {

/// One direction of a long cable: every frame leaves it in the order, and the same time after, it came. Holds a bounded
/// number of bytes. Pure: time is an argument.
class delay_line {
public:
    using frame = std::span<const std::uint8_t>;

    delay_line(duration delay, std::size_t most_bytes) : delay_(delay), most_bytes_(most_bytes) {}

    /// False when there is no room: the frame is lost.
    [[nodiscard]] bool put(frame sent, time_point now) {
        const auto bytes = sent.size() + sizeof(held);
        if (bytes_ + bytes > most_bytes_) return false;
        bytes_ += bytes;
        frames_.push_back({now + delay_, {sent.begin(), sent.end()}});
        return true;
    }

    /// When the next frame comes out; nothing while the line is empty.
    [[nodiscard]] std::optional<time_point> next() const {
        return frames_.empty() ? std::nullopt : std::optional(frames_.front().due);
    }

    /// The next frame, if it has arrived by `now`. Valid until `take`.
    [[nodiscard]] std::optional<frame> arrived(time_point now) const {
        if (frames_.empty() || frames_.front().due > now) return std::nullopt;
        return frames_.front().bytes;
    }
    void take() {
        bytes_ -= frames_.front().bytes.size() + sizeof(held);
        frames_.pop_front();
    }

private:
    struct held {
        time_point due;
        std::vector<std::uint8_t> bytes;
    };

    duration delay_;
    std::size_t most_bytes_;
    std::size_t bytes_ = 0;
    std::deque<held> frames_;
};

}  // namespace firstfin::sandbox
