#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace firstfin::nginx {

/// A socket's readable side under edge-triggered events, as nginx keeps account of it (ngx_unix_recv with EPOLLRDHUP).
/// `ready` is no detail: where it is set when an answer is done, nginx lingers instead of closing.
class input {
public:
    enum class outcome : std::uint8_t { bytes, nothing_yet, end, failed };

    /// Events of epoll for this socket, with EPOLLIN among them.
    void take(std::uint32_t events);

    /// At most `size` bytes; `size` is at least 1. `received` says how many.
    outcome receive(int fd, char* into, std::size_t size, std::size_t& received);

    /// More may be there.
    [[nodiscard]] bool ready() const { return ready_; }
    /// The peer's FIN has come, perhaps behind bytes that were not read.
    [[nodiscard]] bool peer_closed() const { return peer_closed_; }
    /// The end was read.
    [[nodiscard]] bool ended() const { return ended_; }

private:
    bool ready_ = false;
    bool peer_closed_ = false;
    bool ended_ = false;
    int available_ = -1;  ///< bytes the kernel is known to hold; -1: unknown
};

}  // namespace firstfin::nginx
