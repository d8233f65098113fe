#include "harness/run/role_process.hpp"

#include <fmt/format.h>

#include <boost/asio/buffer.hpp>
#include <csignal>

namespace firstfin::run {

namespace asio = boost::asio;

role_process::role_process(asio::io_context& loop, sandbox::child_process child, std::string name)
    : name_(std::move(name)),
      child_(std::move(child)),
      out_(loop, child_.stdout_fd().release()),
      in_(loop, child_.stdin_fd().release()) {}

void role_process::listen(handlers what) {
    handlers_ = std::move(what);
    read_some();
}

void role_process::give(std::string order) {
    order_ = std::move(order);
    write_some();
}

void role_process::dismiss() {
    dismissed_ = true;
    // Not waited for: the kernel closes thousands of sockets while the results are printed.
    child_.signal(SIGKILL);
    boost::system::error_code ignored;
    out_.close(ignored);
    in_.close(ignored);
}

void role_process::write_some() {
    in_.async_write_some(asio::buffer(order_) + given_,
                         [this](const boost::system::error_code& failed, std::size_t bytes) {
                             if (dismissed_) return;
                             given_ += bytes;
                             if (!failed && given_ < order_.size()) return write_some();
                             boost::system::error_code ignored;
                             in_.close(ignored);
                             order_ = {};
                         });
}

void role_process::read_some() {
    out_.async_read_some(asio::buffer(buffer_), [this](const boost::system::error_code& failed, std::size_t bytes) {
        if (dismissed_) return;
        if (failed) return ended();
        lines_.feed(std::string_view(buffer_.data(), bytes), [this](std::string_view line) {
            const auto said = role::parse_event(line);
            if (said)
                handlers_.on_event(*said);
            else if (protocol_fault_.empty())
                protocol_fault_ = said.error().message;
        });
        read_some();
    });
}

void role_process::ended() {
    const auto status = child_.wait_for(std::chrono::seconds(5));
    auto how = status ? sandbox::to_text(*status) : std::string("closed its output but runs on");
    if (!protocol_fault_.empty()) how += fmt::format(" ({})", protocol_fault_);
    handlers_.on_end(fmt::format("the {} ended: {}", name_, how));
}

}  // namespace firstfin::run
