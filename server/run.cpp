#include "server/run.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <random>

#include "core/descriptor_limit.hpp"
#include "core/event_writer.hpp"
#include "server/human_log.hpp"
#include "server/server.hpp"

namespace firstfin {

namespace {

namespace net = boost::asio;

constexpr auto flush_patience = std::chrono::seconds(5);

std::vector<listen_request> read_order(std::istream& in) {
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    const auto order = role::parse_server_order(text).value();
    std::vector<listen_request> out;
    for (const auto& each : order.listeners)
        out.push_back({endpoint(each.address, 0), each.settings, each.policy});
    return out;
}

std::uint64_t random_seed() {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
}

/// A process around one server: signals, output, the way out.
class program {
public:
    explicit program(const command_line& asked)
        : shows_(asked.role ? command_line::output::json : asked.shows),
          signals_(loop_, SIGTERM, SIGINT, SIGQUIT),
          log_([](const std::string& line) { print(line); }),
          server_(
              loop_, [this](const role::event& what) { tell(what); }, random_seed()) {
        if (shows_ == command_line::output::json) {
            writer_.emplace(loop_, STDOUT_FILENO);
            reader_.emplace(loop_, ::dup(STDOUT_FILENO));
        }
        for (const auto& each : asked.role ? read_order(std::cin) : asked.listeners)
            server_.listen(each.where, each.policy,
                           shows_ == command_line::output::lines ? in_words(each.policy) : each.name);
    }

    void serve() {
        server_.when_finished([this] { leave(); });
        wait_for_signal();
        if (reader_) watch_reader();
        server_.start();
        loop_.run();
        // What was cancelled is ready to run, and owns what it refers to.
        loop_.restart();
        loop_.poll();
        if (writer_) writer_->flush(flush_patience);
    }

private:
    static void print(const std::string& line) {
        std::puts(line.c_str());
        std::fflush(stdout);
    }

    void tell(const role::event& what) {
        if (writer_) writer_->write(what);
        if (shows_ == command_line::output::lines) log_.take(what);
    }

    void wait_for_signal() {
        signals_.async_wait([this](const boost::system::error_code& cancelled, int signal) {
            if (cancelled) return;
            wait_for_signal();  // a second one may be more urgent
            if (signal == SIGQUIT)
                server_.finish();
            else
                server_.stop();
        });
    }

    // Nobody reads the events any more: the harness is gone, and there is nothing left to serve for.
    void watch_reader() {
        reader_->async_wait(net::posix::stream_descriptor::wait_error, [this](const boost::system::error_code& failed) {
            if (!failed) server_.stop();
        });
    }

    void leave() {
        boost::system::error_code ignored;
        signals_.cancel(ignored);
        if (reader_) reader_->cancel(ignored);
        loop_.stop();
    }

    command_line::output shows_;
    net::io_context loop_{1};
    net::signal_set signals_;
    human_log log_;
    std::optional<role::event_writer> writer_;
    std::optional<net::posix::stream_descriptor> reader_;
    server server_;
};

}  // namespace

void run(const command_line& asked) {
    raise_descriptor_limit();
    if (asked.role || asked.shows == command_line::output::json) std::signal(SIGPIPE, SIG_IGN);
    program(asked).serve();
}

}  // namespace firstfin
