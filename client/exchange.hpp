#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <string>

#include "core/duration.hpp"

namespace firstfin::client {

using client_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

/// What came of one request.
struct exchange_result {
    boost::system::error_code failure;
    bool any_byte = false;  ///< of the response
    std::uint32_t status = 0;
    bool says_close = false;    ///< Connection: close, or HTTP/1.0 without keep-alive
    bool ended_by_fin = false;  ///< the server's FIN marked the end of the body: nothing is left to read
    bool surplus = false;       ///< bytes behind the response
    duration hint{};            ///< as on the wire, not scaled
    time_point at{};            ///< when the read that completed the response, or failed, returned
};

/// HEAD responses announce a body and have none.
enum class body_rule { as_framed, none };

/// Writes `request` and reads to the last byte of its final response (1xx are skipped). Never closes; never reads after
/// an EOF. `about_to_send` runs just before the first byte leaves. The socket outlives the coroutine.
[[nodiscard]] boost::asio::awaitable<exchange_result> exchange(client_socket& socket, std::string request,
                                                               body_rule body, std::function<void()> about_to_send);

}  // namespace firstfin::client
