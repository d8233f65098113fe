#include "client/handshake_gate.hpp"

#include <utility>

namespace firstfin::client {

bool handshake_gate::try_enter() {
    if (inside_ >= most_ || !waiting_.empty()) return false;
    ++inside_;
    return true;
}

void handshake_gate::enter_soon(std::function<void()> go) {
    if (try_enter())
        go();
    else
        waiting_.push_back(std::move(go));
}

void handshake_gate::leave() {
    --inside_;
    if (!waiting_.empty()) {
        ++inside_;
        const auto go = std::move(waiting_.front());
        waiting_.pop_front();
        go();
    } else if (on_room_) {
        on_room_();
    }
}

}  // namespace firstfin::client
