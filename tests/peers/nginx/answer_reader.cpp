#include "tests/peers/nginx/answer_reader.hpp"

#include <fmt/format.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <limits>

namespace firstfin::testing {

namespace http = boost::beast::http;

namespace {

std::string joined(const http::fields& from, const char* name) {
    std::string out;
    const auto [begin, end] = from.equal_range(name);
    for (auto line = begin; line != end; ++line)
        out += fmt::format("{}{}", out.empty() ? "" : ", ", std::string_view(line->value()));
    return out;
}

}  // namespace

std::optional<response> answer_reader::next(bool head) {
    constexpr std::string_view start = "HTTP/";
    if (buffer_.empty() || (buffer_.size() < start.size() && !ended_)) return std::nullopt;
    response out;
    if (!buffer_.starts_with(start)) {
        if (!ended_) return std::nullopt;
        out = {"0.9", 9, "", "", "end", buffer_.size(), false};
        buffer_.clear();
        return out;
    }
    // Parsed from its first byte at every attempt: answers are few and small, and there is no state to get wrong.
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::numeric_limits<std::uint64_t>::max());
    parser.eager(true);
    parser.skip(head);
    std::size_t used = 0;
    boost::system::error_code error;
    while (!parser.is_done() && used < buffer_.size()) {
        const auto taken = parser.put(boost::asio::buffer(buffer_.data() + used, buffer_.size() - used), error);
        used += taken;
        if (error == http::error::need_more || (!error && taken == 0)) break;
        if (error) throw std::runtime_error(fmt::format("not a response ({}): {}", error.message(), buffer_));
    }
    if (!parser.is_done()) {
        if (!ended_) return std::nullopt;
        parser.put_eof(error);
        out.cut = static_cast<bool>(error);
        if (!parser.is_header_done()) throw std::runtime_error("the connection ended inside a response's head");
        used = buffer_.size();
    }
    const auto& seen = parser.get();
    out.status = std::to_string(seen.result_int());
    out.version = seen.version();
    out.connection = joined(seen, "Connection");
    out.keep_alive = joined(seen, "Keep-Alive");
    const bool measured = seen.find(http::field::content_length) != seen.end();
    out.framing = parser.chunked() ? "chunked" : measured ? "length" : parser.need_eof() && !head ? "end" : "none";
    out.body = seen.body().size();
    buffer_.erase(0, used);
    return out;
}

}  // namespace firstfin::testing
