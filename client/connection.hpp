#pragma once

#include "client/exchange.hpp"
#include "client/next_step.hpp"
#include "client/trial_room.hpp"

namespace firstfin::client {

/// What a `close` event says besides its reason.
struct close_notes {
    std::optional<duration> lateness = {};  ///< of the deadline that woke us
    std::string detail = {};
};

/// One TCP connection of a trial: socket, number, names, and the only function that closes it. What to do next is the
/// trial's business.
class connection {
public:
    connection(trial_room& room, const role::client_order::trial& spec, client_close_style style);

    /// A fresh socket under a new number, bound to the trial's source address; the kernel picks the port at connect().
    [[nodiscard]] boost::system::error_code open();
    void note_connected(time_point at);

    [[nodiscard]] client_socket& socket() { return socket_; }
    [[nodiscard]] bool is_open() const { return socket_.is_open(); }
    /// The receive queue, nothing taken out.
    [[nodiscard]] socket_look look();
    /// Is the server's FIN already here?
    [[nodiscard]] bool pending_fin();

    /// An event of this connection at this moment, to be completed by whoever tells it.
    [[nodiscard]] role::event event_of(role::event_kind kind) const;

    void close_with(role::close_reason reason, close_notes extra = {});
    /// Sends the FIN and goes on reading. This is the `close` event of the connection: the moment it has to witness.
    void half_close();
    /// The rest of a connection that was half closed: no event, its FIN is long out.
    void release();

private:
    [[nodiscard]] role::event closing_event(role::close_reason reason, close_notes extra);
    void close_socket(client_close_style style);

    trial_room& room_;
    const role::client_order::trial& spec_;
    client_socket socket_;
    endpoint local_;
    std::uint64_t number_ = 0;
    client_close_style style_;
    bool connected_ = false;
};

}  // namespace firstfin::client
