#include "client/ending.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>

namespace firstfin::client {

namespace {

namespace net = boost::asio;
namespace http = boost::beast::http;

std::optional<role::event_kind> noticed(const boost::system::error_code& failure) {
    if (failure == net::error::eof || failure == http::error::end_of_stream || failure == http::error::partial_message)
        return role::event_kind::eof;
    if (failure == net::error::connection_reset || failure == net::error::broken_pipe) return role::event_kind::reset;
    return std::nullopt;
}

}  // namespace

ending ending_of(const boost::system::error_code& failure, progress when) {
    ending out;
    out.noticed = noticed(failure);
    if (out.noticed) {
        if (when == progress::reused_unanswered)
            out.reason = role::close_reason::lost_reuse;
        else
            out.reason =
                *out.noticed == role::event_kind::eof ? role::close_reason::peer_fin : role::close_reason::peer_reset;
        if (failure == net::error::broken_pipe)
            out.detail = "EPIPE";
        else if (when == progress::answering)
            out.detail = "in the middle of the response";
        else if (when == progress::first_unanswered)
            out.detail = "before the first response";
        return out;
    }
    const bool not_http = failure.category() == make_error_code(http::error::bad_version).category();
    out.reason = not_http ? role::close_reason::bad_message : role::close_reason::system_error;
    out.detail = failure.message();
    return out;
}

client_close_style style_of(role::close_reason reason, client_close_style style) {
    switch (reason) {
        case role::close_reason::aborted:
            return client_close_style::rst;
        case role::close_reason::idle_deadline:
        case role::close_reason::unused_deadline:
        case role::close_reason::pool:
        case role::close_reason::policy:
            return style;
        default:
            return client_close_style::fin;
    }
}

}  // namespace firstfin::client
