#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/http_request/header_room.hpp"
#include "server/http_request/header_scanner.hpp"
#include "server/http_request/refusal.hpp"
#include "server/http_request/request.hpp"
#include "server/http_request/request_line_scanner.hpp"
#include "server/http_request/request_rules.hpp"

namespace firstfin::http_request {

/// One request header as its bytes arrive, read in place and as nginx reads it: what nginx serves is complete, what
/// nginx refuses is refused, at the same byte and with the same status. Knows no socket and no clock.
///
/// Two things are the caller's. nginx starts a pipelined request in what its buffer has left, so that such a request
/// may meet large_client_header_buffers a little sooner than here. And nginx reads the lines behind Host with the rules
/// of the server that Host names; here one set of rules holds for the whole request.
class request_parser {
public:
    enum class progress { wants_more, complete, refused };

    explicit request_parser(const request_rules& rules = {});

    /// `received`: all bytes from this request's first one on, the old ones unchanged; they may lie elsewhere than
    /// before. Not to be called again after anything but wants_more.
    progress feed(std::string_view received);

    /// How many bytes the header took; what follows is its body or the next request.
    [[nodiscard]] std::size_t consumed() const { return line_begin_; }

    /// After complete, or after refused: then it is what was read up to there. Its text lies in the bytes last fed and
    /// in this parser.
    [[nodiscard]] const request& get() const { return request_; }
    /// After refused.
    [[nodiscard]] const refusal& why() const { return refusal_; }

    /// No request has begun yet: line ends at most. The caller may drop this many bytes from the front of its buffer,
    /// and feeds what is behind them from then on.
    std::size_t drop_line_ends();

    /// After wants_more: how many bytes more nginx's buffer has room for, and so how many it asks the kernel for at
    /// most. What it leaves there decides whether a close is a FIN or an RST. `received`: how many were fed. At
    /// least 1.
    [[nodiscard]] std::size_t room(std::size_t received) const;

    /// For the next request of a connection; keeps the memory.
    void reset();

private:
    progress refuse(refusal_reason reason);
    progress read_line(std::string_view received);
    progress read_headers(std::string_view received);
    progress check_header(std::string_view received);
    refusal_reason note(std::string_view name, std::string_view value);
    refusal_reason note_once(unsigned kind);
    void point_into(std::string_view received);
    void keep_what_was_read(std::string_view received);

    request_rules rules_;
    header_room room_;
    request_line_scanner line_;
    header_scanner header_;
    bool in_headers_ = false;
    std::uint32_t line_begin_ = 0;  ///< of the line being read
    std::size_t line_ends_ = 0;     ///< skipped before it

    std::vector<header_list::place> fields_;
    std::string path_;
    std::uint32_t args_ = 0, args_size_ = 0;  ///< within the target, if that needed reading
    std::uint32_t user_agent_ = none;         ///< its place among the fields
    unsigned once_seen_ = 0;                  ///< bits of the names that may come once
    bool length_is_bad_ = false;
    bool has_coding_ = false;
    std::string host_;

    static constexpr std::uint32_t none = 0xffffffff;

    request request_;
    refusal refusal_;
};

}  // namespace firstfin::http_request
