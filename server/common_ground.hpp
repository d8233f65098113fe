#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/intrusive/list.hpp>
#include <functional>

#include "core/deadlines.hpp"
#include "core/role_protocol.hpp"
#include "server/connection.hpp"

namespace firstfin {

using event_sink = std::function<void(const role::event&)>;

/// What all connections of one loop share.
struct common_ground {
    enum class mood { serving, finishing };

    common_ground(boost::asio::io_context& its_loop, event_sink its_report, std::uint64_t its_seed)
        : loop(its_loop), timers(its_loop), report(std::move(its_report)), seed(its_seed) {}

    /// Where in its close window connection `id` closes, 0 to 1: a hash, so that nothing needs to be stored.
    [[nodiscard]] double window_share(std::uint64_t id) const;

    boost::asio::io_context& loop;
    deadlines timers;
    event_sink report;
    std::function<void()> on_connection_ended;
    std::uint64_t seed;
    std::uint64_t last_id = 0;
    mood state = mood::serving;
    boost::intrusive::list<connection, boost::intrusive::constant_time_size<false>> connections;
    std::array<char, 65'536> scratch{};  ///< for a read whose bytes are used or dropped at once
};

}  // namespace firstfin
