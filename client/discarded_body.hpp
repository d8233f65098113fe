#pragma once

#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>

namespace firstfin::client {

/// A Beast body that is framed and thrown away: a response may have any size, and nobody here looks inside.
struct discarded_body {
    struct value_type {};

    class reader {
    public:
        template <bool IsRequest, class Fields>
        explicit reader(boost::beast::http::header<IsRequest, Fields>&, value_type&) {}

        void init(const boost::optional<std::uint64_t>&, boost::system::error_code& failed) { failed = {}; }
        template <class ConstBuffers>
        std::size_t put(const ConstBuffers& buffers, boost::system::error_code& failed) {
            failed = {};
            return boost::beast::buffer_bytes(buffers);
        }
        void finish(boost::system::error_code& failed) { failed = {}; }
    };
};

}  // namespace firstfin::client
