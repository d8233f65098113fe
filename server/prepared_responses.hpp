#pragma once

#include <array>
#include <boost/asio/buffer.hpp>
#include <string>

#include "server/keepalive_decision.hpp"

namespace firstfin {

/// What a listener answers, formatted once: the head of its 200, which says keep-alive or close.
class prepared_responses {
public:
    explicit prepared_responses(const server_policy& policy);

    [[nodiscard]] const std::string& head(after_response after) const {
        return heads_[static_cast<std::size_t>(after)];
    }

private:
    std::array<std::string, 2> heads_;
};

/// A whole response for a request that was refused; it says close, and has no body, since it may answer a HEAD.
[[nodiscard]] std::string refusal(unsigned status);

/// Bytes for bodies of any size: at most `size` of them, at most 64 KiB, always the same memory.
[[nodiscard]] boost::asio::const_buffer body_bytes(std::size_t size);

}  // namespace firstfin
