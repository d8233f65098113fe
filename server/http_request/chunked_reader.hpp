#pragma once

#include <cstdint>
#include <string_view>

#include "server/http_request/refusal.hpp"
#include "server/http_request/request_rules.hpp"

namespace firstfin::http_request {

/// A chunked body that is thrown away as it arrives (ngx_http_parse_chunked): sizes in hexadecimal, extensions and
/// trailers skipped unread.
class chunked_reader {
public:
    enum class progress { wants_more, complete, refused };

    static constexpr std::uint64_t no_limit = 0;

    /// `most`: client_max_body_size in bytes. nginx counts against it only where it reads a body to use it, and then
    /// refuses a chunk that is too large before its data comes; a body it discards may be of any size.
    explicit chunked_reader(const dialect& speaks = {}, std::uint64_t most = no_limit)
        : most_(most), strict_(speaks.strict_chunk_lines) {}

    /// `bytes`: only what was not consumed before. What follows a complete body is left alone.
    progress feed(std::string_view bytes);

    /// Of the bytes last fed.
    [[nodiscard]] std::size_t consumed() const { return consumed_; }
    /// The data of all chunks announced so far.
    [[nodiscard]] std::uint64_t body_size() const { return body_size_; }
    /// After refused.
    [[nodiscard]] const refusal& why() const { return refusal_; }

private:
    enum class state : std::uint8_t {
        size_first,
        size,
        extension,
        size_line_feed,
        data,
        data_end,
        data_line_feed,
        trailer_first,
        trailer,
        trailer_line_feed,
        last_line_feed,
    };

    progress refuse(refusal_reason reason);
    bool end_size_line();

    std::uint64_t most_;
    std::uint64_t left_ = 0;  ///< of this chunk
    std::uint64_t body_size_ = 0;
    std::size_t consumed_ = 0;
    state state_ = state::size_first;
    bool strict_;
    refusal refusal_;
};

}  // namespace firstfin::http_request
