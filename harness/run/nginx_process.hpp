#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <string>

#include "harness/experiment/nginx_server.hpp"
#include "harness/sandbox/child_process.hpp"
#include "harness/witness/sock_diag.hpp"

namespace firstfin::run {

/// firstfin-server with an nginx configuration, master and workers. It takes no orders and reports no events: all that
/// is known of it is what the wire and its socket table show.
class nginx_process {
public:
    /// Returns when `table`, of the server's network, holds a listening socket on its port. Throws environment_lacks,
    /// with what the program said, when it ends before; also when it takes too long.
    nginx_process(boost::asio::io_context& loop, const experiment::nginx_server& what, const std::string& program,
                  const sandbox::network_namespace& network, const sandbox::pid_namespace& processes,
                  witness::sock_diag& table);
    /// Asks it to end.
    ~nginx_process();
    nginx_process(const nginx_process&) = delete;
    nginx_process& operator=(const nginx_process&) = delete;

    /// `ended` is called at most once, in words, when the master ends by itself; lives as long as this object.
    void watch(std::function<void(const std::string& how)> ended);
    /// Calls `ended` now if the master has ended. What its workers do then is no close of theirs: to be asked before an
    /// event that may be a consequence is taken for one.
    void look();
    /// Its end matters no more.
    void dismiss();

private:
    void read_errors();
    [[nodiscard]] std::string how_it_ended();

    std::string file_;
    std::function<void(const std::string&)> ended_;
    sandbox::child_process child_;
    boost::asio::posix::stream_descriptor end_;
    boost::asio::posix::stream_descriptor errors_;
    std::string said_;  ///< the end of what it wrote to standard error
};

}  // namespace firstfin::run
