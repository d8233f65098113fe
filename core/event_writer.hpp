#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <string>

#include "core/role_protocol.hpp"

namespace firstfin::role {

/// Writes event lines to a descriptor without ever blocking the loop: lines gather in memory while a write is under
/// way. Unbounded on purpose: an event that is dropped would be a hole in the evidence, and a run knows its size
/// beforehand.
class event_writer {
public:
    /// Takes a duplicate of `descriptor`.
    event_writer(boost::asio::io_context& loop, int descriptor);

    void write(const event& value);
    /// At the end, outside the loop: what is still in memory, waiting for the reader at most `patience`.
    void flush(duration patience);
    /// The reader is gone (EPIPE): nobody is left to work for.
    [[nodiscard]] bool broken() const { return broken_; }

private:
    /// True when nothing is left to write, or nobody to write for.
    bool write_out();
    void write_when_possible();

    boost::asio::posix::stream_descriptor out_;
    std::string gathering_;
    std::string writing_;
    std::size_t written_ = 0;
    bool busy_ = false;
    bool broken_ = false;
};

}  // namespace firstfin::role
