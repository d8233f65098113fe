#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>

#include "core/role_protocol.hpp"
#include "harness/sandbox/child_process.hpp"

namespace firstfin::run {

/// A role program in its namespace: takes one order on standard input, gives events on standard output.
class role_process {
public:
    struct handlers {
        std::function<void(const role::event&)> on_event;
        /// The program ended (how, in words), or said something that is not the protocol.
        std::function<void(const std::string& how)> on_end;
    };

    role_process(boost::asio::io_context& loop, sandbox::child_process child, std::string name);

    /// Starts reading; `handlers` live as long as this object.
    void listen(handlers what);
    /// Writes the order and closes standard input.
    void give(std::string order);
    /// The program has nothing to say that matters any more: it is killed, and its end not reported.
    void dismiss();

    [[nodiscard]] const std::string& name() const { return name_; }

private:
    void read_some();
    void write_some();
    void ended();

    std::string name_;
    sandbox::child_process child_;
    boost::asio::posix::stream_descriptor out_;
    boost::asio::posix::stream_descriptor in_;
    handlers handlers_;
    role::line_splitter lines_;
    std::array<char, 256 * 1024> buffer_{};
    std::string order_;
    std::size_t given_ = 0;
    bool dismissed_ = false;
    std::string protocol_fault_;
};

}  // namespace firstfin::run
