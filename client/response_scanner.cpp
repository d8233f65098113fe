#include "client/response_scanner.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>

#include "client/discarded_body.hpp"

namespace firstfin::client {

namespace http = boost::beast::http;

struct response_scanner::parser : http::response_parser<discarded_body> {
    [[nodiscard]] scanned_response facts(time_point at) const { return {get().result_int(), !keep_alive(), at}; }
};

response_scanner::response_scanner(std::string_view raw) : without_body_(raw.starts_with("HEAD ")) {
    begin();
}
response_scanner::~response_scanner() = default;

void response_scanner::begin() {
    parser_ = std::make_unique<parser>();
    parser_->eager(true);
    parser_->body_limit(boost::none);
    parser_->skip(without_body_);
}

std::vector<scanned_response> response_scanner::feed(std::string_view bytes, time_point at) {
    std::vector<scanned_response> out;
    if (!parser_) return out;
    last_byte_ = at;
    unparsed_.append(bytes);
    std::size_t done = 0;
    while (done < unparsed_.size()) {
        boost::system::error_code failed;
        const auto taken = parser_->put(boost::asio::buffer(unparsed_.data() + done, unparsed_.size() - done), failed);
        done += taken;
        if (failed == http::error::need_more) failed = {};
        if (failed) {
            parser_.reset();
            unparsed_.clear();
            return out;
        }
        if (parser_->is_done()) {
            if (parser_->get().result_int() >= 200) out.push_back(parser_->facts(at));
            begin();
        } else if (taken == 0) {
            break;
        }
    }
    unparsed_.erase(0, done);
    return out;
}

std::optional<scanned_response> response_scanner::finish() {
    if (!parser_ || !parser_->is_header_done() || parser_->is_done()) return std::nullopt;
    boost::system::error_code failed;
    parser_->put_eof(failed);
    if (failed) return std::nullopt;
    return parser_->facts(last_byte_);
}

}  // namespace firstfin::client
