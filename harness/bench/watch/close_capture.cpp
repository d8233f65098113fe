#include "harness/bench/watch/close_capture.hpp"

#include <fcntl.h>

#include "harness/sandbox/system_call.hpp"
#include "harness/witness/packet.hpp"

namespace firstfin::bench {

namespace {

witness::capture_options ends_of_connections(int buffer_bytes) {
    witness::capture_options out;
    out.filter = witness::capture_options::syn_fin_rst;
    out.snapshot_length = witness::capture_options::marker_snapshot_length;
    out.kernel_buffer_bytes = buffer_bytes;
    return out;
}

/// The capture keeps its own: the descriptor of an event loop closes what it was given.
int copy_of(int fd) {
    return sandbox::check("copy the capture's descriptor", ::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

}  // namespace

close_capture::close_capture(boost::asio::io_context& context, const sandbox::network_namespace& inside,
                             const std::string& interface, const endpoint& server, int buffer_bytes)
    : tally_(server),
      wire_(inside, interface, server, ends_of_connections(buffer_bytes)),
      take_([this](time_point, std::span<const std::uint8_t> frame) {
          if (const auto seen = witness::parse_ethernet_frame(frame)) tally_.add(*seen);
      }),
      readable_(context, copy_of(wire_.fd())) {
    wait();
}

close_capture::~close_capture() {
    *watching_ = false;
}

void close_capture::wait() {
    const auto on_readable = [this, watching = watching_](const boost::system::error_code& stopped) {
        if (stopped || !*watching) return;
        wire_.read(take_, nullptr);
        wait();
    };
    readable_.async_wait(boost::asio::posix::stream_descriptor::wait_read, on_readable);
}

wire_closes close_capture::finish(duration patience) {
    *watching_ = false;
    boost::system::error_code ignored;
    readable_.close(ignored);
    const auto end = wire_.drain(patience, take_, nullptr);
    wire_closes out;
    out.first = tally_.ended();
    out.open = tally_.open();
    out.attempts = tally_.attempts();
    out.captured = end.captured - (end.tail_seen ? 1 : 0);  // the marker
    out.lost = end.lost;
    out.whole = end.tail_seen && end.lost == 0;
    return out;
}

}  // namespace firstfin::bench
