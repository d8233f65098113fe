#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <optional>
#include <string>

#include "harness/sandbox/child_process.hpp"
#include "harness/subjects/subject.hpp"
#include "harness/witness/sock_diag.hpp"

namespace firstfin::run {

/// A program to start, and what it is called in messages.
struct program_order {
    std::string name;
    std::string path;
    subjects::launch what;
    std::size_t listens = 1;  ///< sockets a server opens, at least
    bool in_scratch = true;   ///< false: it works in the host's files and writes none
};

/// An external program and all that it starts, in a PID namespace and a scratch folder of its own. It takes no orders
/// and reports no events: all that is known of it is what the wire and the socket tables show.
class program_process {
public:
    /// Returns when it runs. Throws boost::system::system_error when it does not start.
    program_process(boost::asio::io_context& loop, const program_order& what,
                    const sandbox::network_namespace& network);
    /// Kills all of it, and waits until it is gone.
    ~program_process();
    program_process(const program_process&) = delete;
    program_process& operator=(const program_process&) = delete;

    /// `ended` is called at most once, in words, when its first process ends by itself; lives as long as this object.
    void watch(std::function<void(const std::string& how)> ended);
    /// Calls `ended` now if it has ended. What the others of it do then is no deed of theirs: to be asked before an
    /// event that may be a consequence is taken for one.
    void look();
    /// Its end matters no more.
    void dismiss();
    /// Kills all of it. The destructor has nothing to wait for once has_gone().
    void kill();
    /// Reaps its first process: a namespace ends when its last zombie is gone.
    [[nodiscard]] bool has_gone() { return child_->try_wait() && processes_.has_ended(); }
    /// To its first process.
    void signal(int number) { child_->signal(number); }

    [[nodiscard]] std::optional<sandbox::exit_status> wait_for(std::chrono::milliseconds limit) {
        return child_->wait_for(limit);
    }
    /// A file of its scratch folder. Throws when it is not there.
    [[nodiscard]] std::string read(const std::string& file) const { return scratch_.value().read(file); }
    /// After its end: its name, exit status and the last it said.
    [[nodiscard]] std::string how_it_ended();
    /// The last it wrote to standard error, on one line and fit for a terminal.
    [[nodiscard]] std::string last_words();
    /// Of its first process, as this process sees it.
    [[nodiscard]] pid_t pid() const { return child_->pid(); }
    [[nodiscard]] time_point started() const { return started_; }

private:
    void read_errors();
    void take_errors();

    std::string name_;
    std::function<void(const std::string&)> ended_;
    sandbox::pid_namespace processes_;
    std::optional<sandbox::scratch_folder> scratch_;
    time_point started_;
    std::optional<sandbox::child_process> child_;  ///< goes before its PID namespace
    boost::asio::posix::stream_descriptor end_;
    boost::asio::posix::stream_descriptor errors_;
    std::string said_;  ///< the end of what it wrote to standard error
};

/// Returns when `table`, of the server's network, holds a listening socket on `port` and as many as the server opens:
/// one that cannot have its second address ends after it listened on the first. Throws environment_lacks, with what
/// the program said, when it ends before or takes too long.
void await_listening(program_process& server, const program_order& what, witness::sock_diag& table, std::uint16_t port);

}  // namespace firstfin::run
