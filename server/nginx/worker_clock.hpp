#pragma once

#include <ctime>
#include <string>

#include "core/duration.hpp"

namespace firstfin::nginx {

/// The time a worker's round of events began: nginx reads no clock per request (ngx_time_update), and so its timers,
/// dates and logs all say the same.
class worker_clock {
public:
    worker_clock() { update(); }

    /// Once per round.
    void update();

    [[nodiscard]] time_point now() const { return now_; }
    [[nodiscard]] std::time_t seconds() const { return seconds_; }
    [[nodiscard]] unsigned milliseconds() const { return milliseconds_; }      ///< of that second
    [[nodiscard]] const std::string& http_date() const { return http_date_; }  ///< "Sun, 22 Nov 2026 20:40:27 GMT"
    [[nodiscard]] const std::string& log_time() const {
        return log_time_;
    }  ///< $time_local: "22/Nov/2026:20:40:27 +0000"
    [[nodiscard]] const std::string& iso_time() const { return iso_time_; }  ///< $time_iso8601

private:
    void write_texts();

    time_point now_;
    std::time_t seconds_ = 0;
    unsigned milliseconds_ = 0;
    std::string http_date_;
    std::string log_time_;
    std::string iso_time_;
};

}  // namespace firstfin::nginx
