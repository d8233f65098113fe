#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/duration.hpp"

namespace firstfin::client {

struct scanned_response {
    std::uint32_t status = 0;
    bool says_close = false;
    time_point at{};  ///< its last byte
};

/// Recognizes responses in a stream of bytes that nobody promised to be HTTP. Gives up at the first thing that is not.
class response_scanner {
public:
    /// `raw` are the bytes that were sent: a HEAD in front means responses without body.
    explicit response_scanner(std::string_view raw);
    ~response_scanner();
    response_scanner(const response_scanner&) = delete;
    response_scanner& operator=(const response_scanner&) = delete;

    /// The responses that these bytes complete.
    [[nodiscard]] std::vector<scanned_response> feed(std::string_view bytes, time_point at);
    /// The stream is over: a response that only EOF could end is complete.
    [[nodiscard]] std::optional<scanned_response> finish();

private:
    struct parser;
    void begin();

    std::unique_ptr<parser> parser_;  ///< empty after giving up
    std::string unparsed_;
    time_point last_byte_{};
    bool without_body_;
};

}  // namespace firstfin::client
