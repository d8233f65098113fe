#pragma once

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include "server/keepalive_decision.hpp"

namespace firstfin {

/// A request body that is read and thrown away.
struct discarded_body {
    struct value_type {};

    class reader {
    public:
        template <bool IsRequest, class Fields>
        reader(boost::beast::http::header<IsRequest, Fields>&, value_type&) {}
        void init(const boost::optional<std::uint64_t>&, boost::system::error_code& failed) { failed = {}; }
        template <class Buffers>
        std::size_t put(const Buffers& bytes, boost::system::error_code& failed) {
            failed = {};
            return boost::beast::buffer_bytes(bytes);
        }
        void finish(boost::system::error_code& failed) { failed = {}; }
    };
};

/// One request as its bytes arrive. Has no socket and no clock: the caller feeds it and asks what it has become.
class request_reader {
public:
    enum class progress { wants_more, complete, refused };

    static constexpr std::uint64_t body_limit = 16ULL * 1024 * 1024;
    static constexpr std::uint32_t header_limit = 16 * 1024;

    request_reader();

    /// Takes what belongs to this request from `input`; what follows it stays there.
    progress feed(boost::beast::flat_buffer& input);

    [[nodiscard]] bool header_complete() const { return parser_.is_header_done(); }
    /// The client waits for "100 Continue" before it sends the body. True once.
    [[nodiscard]] bool wants_go_ahead();
    /// The answer it deserves: 200, or why it was refused.
    [[nodiscard]] unsigned status() const { return status_; }
    [[nodiscard]] bool is_head() const { return is_head_; }
    [[nodiscard]] unsigned version() const { return parser_.get().version(); }
    [[nodiscard]] connection_wishes wishes() const;

private:
    void check_header();

    boost::beast::http::request_parser<discarded_body> parser_;
    unsigned status_ = 200;
    bool is_head_ = false;
    bool go_ahead_given_ = false;
};

}  // namespace firstfin
