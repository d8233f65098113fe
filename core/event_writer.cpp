#include "core/event_writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <cerrno>

namespace firstfin::role {

event_writer::event_writer(boost::asio::io_context& loop, int descriptor) : out_(loop, ::dup(descriptor)) {
    out_.non_blocking(true);
}

void event_writer::write(const event& value) {
    if (broken_) return;
    append_json(gathering_, value);
    if (busy_) return;
    busy_ = true;
    // Not at once: everything that happens in this turn of the loop leaves in one system call.
    boost::asio::post(out_.get_executor(), [this] { write_when_possible(); });
}

// The system call is our own, Asio only says when: what the kernel took is known at once, and so `flush`, which may
// come while a completion is still queued, never writes anything twice.
bool event_writer::write_out() {
    for (;;) {
        if (written_ == writing_.size()) {
            writing_.clear();
            written_ = 0;
            writing_.swap(gathering_);
            if (writing_.empty()) return true;
        }
        const auto bytes = ::write(out_.native_handle(), writing_.data() + written_, writing_.size() - written_);
        if (bytes >= 0) {
            written_ += static_cast<std::size_t>(bytes);
        } else if (errno == EAGAIN) {
            return false;
        } else if (errno != EINTR) {
            broken_ = true;
            return true;
        }
    }
}

void event_writer::write_when_possible() {
    busy_ = !broken_ && !write_out();
    if (!busy_) return;
    out_.async_wait(out_.wait_write, [this](const boost::system::error_code& cancelled) {
        if (!cancelled) write_when_possible();
    });
}

void event_writer::flush(duration patience) {
    const auto give_up = steady::now() + patience;
    while (!broken_ && !write_out()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - steady::now()).count();
        pollfd ready{out_.native_handle(), POLLOUT, 0};
        if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) == 0) return;
    }
}

}  // namespace firstfin::role
