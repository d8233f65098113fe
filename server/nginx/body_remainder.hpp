#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include "server/http_request/chunked_reader.hpp"

namespace firstfin::nginx {

/// What is still to come of a request's body that nobody wants (ngx_http_discard_request_body).
class body_remainder {
public:
    enum class progress : std::uint8_t { wants_more, complete, bad };

    /// No body.
    body_remainder() = default;
    explicit body_remainder(std::uint64_t content_length) : left_(content_length) {}
    explicit body_remainder(const http_request::dialect& speaks) : left_(http_request::chunked_reader(speaks)) {}

    [[nodiscard]] bool is_chunked() const { return std::holds_alternative<http_request::chunked_reader>(left_); }
    [[nodiscard]] bool is_complete() const { return complete_ || left_in_length() == 0; }
    /// How many bytes to read at most: none of the next request.
    [[nodiscard]] std::size_t wanted(std::size_t most) const;

    /// Drops what belongs to the body from the front of `bytes`.
    progress drop(std::string_view& bytes);

private:
    [[nodiscard]] std::uint64_t left_in_length() const {
        const auto* length = std::get_if<std::uint64_t>(&left_);
        return length != nullptr ? *length : 1;
    }

    std::variant<std::uint64_t, http_request::chunked_reader> left_ = std::uint64_t{0};
    bool complete_ = false;  ///< of chunks: the last one came
};

}  // namespace firstfin::nginx
