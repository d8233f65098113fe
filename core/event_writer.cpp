#include "core/event_writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>

namespace firstfin::role {

event_writer::event_writer(boost::asio::io_context& loop, int descriptor) : out_(loop, ::dup(descriptor)) {
    out_.non_blocking(true);
}

void event_writer::write(const event& value) {
    append_json(gathering_, value);
    if (busy_ || broken_) return;
    busy_ = true;
    // Not at once: everything that happens in this turn of the loop leaves in one system call.
    boost::asio::post(out_.get_executor(), [this] { write_some(); });
}

void event_writer::write_some() {
    if (written_ == writing_.size()) {
        writing_.clear();
        written_ = 0;
        if (gathering_.empty()) {
            busy_ = false;
            return;
        }
        writing_.swap(gathering_);
    }
    out_.async_write_some(boost::asio::buffer(writing_) + written_, [this](const boost::system::error_code& failed, std::size_t bytes) {
        if (failed) {
            broken_ = failed != boost::asio::error::operation_aborted;
            busy_ = false;
            return;
        }
        written_ += bytes;
        write_some();
    });
}

void event_writer::flush(duration patience) {
    const auto give_up = steady::now() + patience;
    std::string rest = writing_.substr(written_) + gathering_;
    std::size_t sent = 0;
    while (sent < rest.size() && !broken_) {
        const auto bytes = ::write(out_.native_handle(), rest.data() + sent, rest.size() - sent);
        if (bytes > 0) {
            sent += static_cast<std::size_t>(bytes);
            continue;
        }
        if (errno != EAGAIN && errno != EINTR) return;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(give_up - steady::now()).count();
        pollfd ready{out_.native_handle(), POLLOUT, 0};
        if (left <= 0 || ::poll(&ready, 1, static_cast<int>(left)) == 0) return;
    }
    writing_.clear();
    gathering_.clear();
    written_ = 0;
}

}  // namespace firstfin::role
