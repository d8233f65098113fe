#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "server/connection.hpp"

namespace firstfin {

/// What a connection owns only while it serves requests.
struct connection::exchange {
    explicit exchange(boost::asio::io_context& loop) : pause(loop) {}

    boost::beast::flat_buffer input;
    boost::asio::steady_timer pause;  ///< response_delay and response_pace; cancelled when the connection ends
};

}  // namespace firstfin
