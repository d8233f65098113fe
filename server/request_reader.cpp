#include "server/request_reader.hpp"

#include <boost/beast/http/error.hpp>

namespace firstfin {

namespace http = boost::beast::http;

namespace {

std::string_view plain(boost::beast::string_view text) {
    return {text.data(), text.size()};
}

/// An empty line before a request line is ignored (RFC 9112 2.2); Beast 1.81 refuses it.
void skip_empty_lines(boost::beast::flat_buffer& input) {
    const auto* bytes = static_cast<const char*>(input.data().data());
    std::size_t blank = 0;
    while (blank < input.size() && (bytes[blank] == '\r' || bytes[blank] == '\n'))
        ++blank;
    input.consume(blank);
}

unsigned status_for(const boost::system::error_code& failed) {
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow) return 431;
    if (failed == http::error::body_limit) return 413;
    return 400;
}

}  // namespace

request_reader::request_reader() {
    parser_.eager(true);
    parser_.header_limit(header_limit);
    parser_.body_limit(body_limit);
}

request_reader::progress request_reader::feed(boost::beast::flat_buffer& input) {
    if (!parser_.got_some()) skip_empty_lines(input);
    if (input.size() == 0) return progress::wants_more;
    const bool knew_header = header_complete();
    boost::system::error_code failed;
    input.consume(parser_.put(input.data(), failed));
    if (failed == http::error::need_more) failed = {};
    if (failed)
        status_ = status_for(failed);
    else if (!knew_header && header_complete())
        check_header();
    if (status_ != 200) return progress::refused;
    return parser_.is_done() ? progress::complete : progress::wants_more;
}

void request_reader::check_header() {
    const auto& request = parser_.get();
    is_head_ = request.method() == http::verb::head;
    if (request.version() >= 11 && request.count(http::field::host) != 1) status_ = 400;  // RFC 9112 3.2
    if (request.method() == http::verb::connect) status_ = 405;
}

bool request_reader::wants_go_ahead() {
    if (go_ahead_given_ || !header_complete()) return false;
    go_ahead_given_ = true;
    return version() >= 11 && boost::beast::iequals(parser_.get()[http::field::expect], "100-continue");
}

connection_wishes request_reader::wishes() const {
    connection_wishes out;
    const auto lines = parser_.get().equal_range(http::field::connection);
    for (auto line = lines.first; line != lines.second; ++line)
        out.add(plain(line->value()));
    return out;
}

}  // namespace firstfin
