#include "server/nginx/request_in_progress.hpp"

namespace firstfin::nginx {

namespace {
constexpr std::size_t kept_free = 64;
}

void request_in_progress::begin_next() {
    parser.reset();
    out.clear();
    body = {};
    behind_body.clear();
    header_size = 0;
    linger_until = 0;
    had_body = discarding = pipelined = answered = false;
}

std::unique_ptr<request_in_progress> request_pool::take() {
    if (free_.empty()) return std::make_unique<request_in_progress>(*rules_);
    auto out = std::move(free_.back());
    free_.pop_back();
    return out;
}

void request_pool::give_back(std::unique_ptr<request_in_progress> used) {
    if (free_.size() >= kept_free) return;
    used->begin_next();
    used->buffer.clear();
    free_.push_back(std::move(used));
}

}  // namespace firstfin::nginx
