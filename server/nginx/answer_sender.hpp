#pragma once

#include <ctime>

#include "server/nginx/answers/answer.hpp"

namespace firstfin::nginx {

/// Hands an answer to the kernel, as far as that takes it and limit_rate lets it (ngx_http_write_filter).
class answer_sender {
public:
    enum class outcome : std::uint8_t {
        done,
        blocked,  ///< the kernel's buffer is full
        delayed,  ///< limit_rate: go on after delay()
        paused,   ///< much was sent: others first (sendfile_max_chunk)
        failed,   ///< the connection is gone, or a file became shorter
    };

    void begin(std::time_t request_began);
    /// From where it stopped the last time. `now`: in the same seconds as `request_began`.
    outcome send(int fd, const answer& what, std::time_t now);

    [[nodiscard]] std::int64_t sent() const { return sent_; }
    /// After delayed; after done too when the rate asks for it, but then there is nothing to wait for.
    [[nodiscard]] std::int64_t delay_ms() const { return delay_ms_; }

private:
    enum class step : std::uint8_t { went_on, blocked, failed };

    step send_text(int fd, std::string_view text, std::int64_t limit, bool more_follows);
    step send_file(int fd, const piece& from, std::int64_t limit);
    outcome send_up_to(int fd, const answer& what, std::int64_t limit);

    std::time_t began_ = 0;
    std::int64_t sent_ = 0;
    std::int64_t delay_ms_ = 0;
    std::size_t index_ = 0;    ///< 0: answer::bytes; then those of answer::rest
    std::int64_t offset_ = 0;  ///< within that
};

}  // namespace firstfin::nginx
