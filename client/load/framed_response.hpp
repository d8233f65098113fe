#pragma once

#include <boost/beast/http/basic_parser.hpp>
#include <string_view>

namespace firstfin::load {

/// Where a response ends, what its status is and whether it ends the connection: nothing of it is kept. Beast's framing
/// (RFC 9112 6.3) without Beast's message.
class framed_response final : public boost::beast::http::basic_parser<false> {
public:
    framed_response() {
        eager(true);
        header_limit(64 * 1024);
        body_limit(boost::none);
    }

    [[nodiscard]] int status() const { return status_; }
    /// An answer on the way to the real one (RFC 9110 15.2), 101 apart.
    [[nodiscard]] bool is_interim() const { return status_ >= 100 && status_ < 200 && status_ != 101; }

private:
    using view = boost::beast::string_view;
    using error = boost::beast::error_code;

    void on_request_impl(boost::beast::http::verb, view, view, int, error&) override {}
    void on_response_impl(int code, view, int, error&) override { status_ = code; }
    void on_field_impl(boost::beast::http::field, view, view, error&) override {}
    void on_header_impl(error&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error&) override {}
    std::size_t on_body_impl(view body, error&) override { return body.size(); }
    void on_chunk_header_impl(std::uint64_t, view, error&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, view body, error&) override { return body.size(); }
    void on_finish_impl(error&) override {}

    int status_ = 0;
};

}  // namespace firstfin::load
