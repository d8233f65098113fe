#pragma once

#include <cstdint>
#include <deque>
#include <functional>

namespace firstfin::client {

/// At most so many handshakes at once: a burst of connects delays every timer of the loop and overflows the server's
/// accept queue. A handshake counts from connect() until it succeeded or failed.
class handshake_gate {
public:
    explicit handshake_gate(std::uint32_t most) : most_(most) {}

    /// Called whenever there may be room for newcomers.
    void on_room(std::function<void()> call) { on_room_ = std::move(call); }

    /// Takes a place if one is free and nobody waits for it.
    [[nodiscard]] bool try_enter();
    /// `go` runs with a place taken: at once, or before any newcomer gets in.
    void enter_soon(std::function<void()> go);
    void leave();

private:
    std::uint32_t most_;
    std::uint32_t inside_ = 0;
    std::deque<std::function<void()>> waiting_;
    std::function<void()> on_room_;
};

}  // namespace firstfin::client
