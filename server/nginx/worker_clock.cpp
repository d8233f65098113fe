#include "server/nginx/worker_clock.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

namespace firstfin::nginx {

void worker_clock::update() {
    now_ = steady::now();
    timespec wall{};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &wall);
    milliseconds_ = static_cast<unsigned>(wall.tv_nsec / 1'000'000);
    if (wall.tv_sec == seconds_) return;
    seconds_ = wall.tv_sec;
    write_texts();
}

void worker_clock::write_texts() {
    std::tm here{};
    ::localtime_r(&seconds_, &here);
    const auto minutes = here.tm_gmtoff / 60;
    const auto zone =
        fmt::format("{}{:02}{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
    http_date_ = fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT", fmt::gmtime(seconds_));
    log_time_ = fmt::format("{:%d/%b/%Y:%H:%M:%S} {}", here, zone);
    iso_time_ = fmt::format("{:%Y-%m-%dT%H:%M:%S}{}:{}", here, zone.substr(0, 3), zone.substr(3));
}

}  // namespace firstfin::nginx
