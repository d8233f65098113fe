#pragma once

#include "harness/sandbox/system_call.hpp"

namespace firstfin::sandbox {

/// A network namespace that exists as long as a descriptor, a socket or a process in it does. It has no name, so a
/// crash of the harness leaves nothing behind.
class network_namespace {
public:
    /// Fresh, with loopback up. The calling thread stays where it is.
    [[nodiscard]] static network_namespace create();

    /// The one this process is in. Nothing is entered to use it, so that takes no privilege; not for use inside a
    /// netns_scope of another.
    [[nodiscard]] static network_namespace own();

    [[nodiscard]] bool is_own() const noexcept { return own_; }
    [[nodiscard]] int fd() const noexcept { return fd_.get(); }

private:
    explicit network_namespace(unique_fd fd) noexcept : fd_(std::move(fd)) {}

    unique_fd fd_;
    bool own_ = false;
};

/// Remembers the network namespace of this thread and brings the thread back to it.
class netns_return {
public:
    netns_return();
    ~netns_return();
    netns_return(const netns_return&) = delete;
    netns_return& operator=(const netns_return&) = delete;

    void enter(const network_namespace& inside);
    void enter_new();

private:
    unique_fd home_;
    bool left_ = false;
};

/// This thread is inside for the object's lifetime. A socket belongs to the namespace it was made in: open it in a
/// short scope, use it anywhere.
class netns_scope {
public:
    explicit netns_scope(const network_namespace& inside);

private:
    netns_return home_;
};

}  // namespace firstfin::sandbox
