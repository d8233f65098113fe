#include "client/exchange.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

#include "client/discarded_body.hpp"
#include "client/keep_alive_hint.hpp"

namespace firstfin::client {

namespace net = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr auto as_tuple_awaitable = net::as_tuple(net::use_awaitable);
constexpr std::uint32_t header_limit = 64 * 1024;

using response_parser = http::response_parser<discarded_body>;

void read_facts(const response_parser& parser, exchange_result& out) {
    out.status = parser.get().result_int();
    out.says_close = !parser.keep_alive();
    out.ended_by_fin = parser.need_eof();
    const auto hint = parser.get()[http::field::keep_alive];
    out.hint = keep_alive_hint({hint.data(), hint.size()});
}

}  // namespace

net::awaitable<exchange_result> exchange(client_socket& socket, std::string request, body_rule body,
                                         std::function<void()> about_to_send) {
    exchange_result out;
    about_to_send();
    const auto bytes = net::buffer(request);
    const auto [unsent, sent] = co_await net::async_write(socket, bytes, as_tuple_awaitable);
    if (unsent) {
        out.failure = unsent;
        out.at = steady::now();
        co_return out;
    }
    boost::beast::flat_buffer buffer;
    for (;;) {
        response_parser parser;
        parser.header_limit(header_limit);
        parser.body_limit(boost::none);
        parser.skip(body == body_rule::none);
        const auto [failed, received] = co_await http::async_read(socket, buffer, parser, as_tuple_awaitable);
        out.at = steady::now();
        out.any_byte = out.any_byte || parser.got_some();
        out.failure = failed;
        if (failed) co_return out;
        const auto status = parser.get().result_int();
        if (status >= 100 && status < 200 && status != 101) continue;
        read_facts(parser, out);
        out.surplus = buffer.size() > 0;
        co_return out;
    }
}

}  // namespace firstfin::client
