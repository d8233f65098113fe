#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <filesystem>
#include <functional>
#include <string>

#include "harness/experiment/nginx_server.hpp"
#include "harness/sandbox/child_process.hpp"
#include "harness/witness/sock_diag.hpp"

namespace firstfin::run {

/// A folder that stands in for the one of an nginx configuration (nginx -p): everything of that folder is in it as a
/// link, except for `logs`, so that what nginx writes to its default places goes with this object.
class nginx_prefix {
public:
    explicit nginx_prefix(const std::filesystem::path& original);
    ~nginx_prefix();
    nginx_prefix(const nginx_prefix&) = delete;
    nginx_prefix& operator=(const nginx_prefix&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// firstfin-server with an nginx configuration, master and workers. It takes no orders and reports no events: all that
/// is known of it is what the wire and its socket table show.
class nginx_process {
public:
    /// Returns when `table`, of the server's network, holds a listening socket on its port, and its pid file is there.
    /// Throws, with what the program said, when it ends before: bad_input for what it does not serve, else
    /// environment_lacks; also when it takes too long.
    nginx_process(boost::asio::io_context& loop, const experiment::nginx_server& what, const std::string& program,
                  const sandbox::network_namespace& network, const sandbox::pid_namespace& processes,
                  witness::sock_diag& table);
    /// Asks it to end, as its pid file goes only then.
    ~nginx_process();
    nginx_process(const nginx_process&) = delete;
    nginx_process& operator=(const nginx_process&) = delete;

    /// `ended` is called at most once, in words, when the master ends by itself; lives as long as this object.
    void watch(std::function<void(const std::string& how)> ended);
    /// Its end matters no more.
    void dismiss();

private:
    void read_errors();
    [[nodiscard]] std::string how_it_ended();

    std::string file_;
    nginx_prefix prefix_;
    sandbox::child_process child_;
    boost::asio::posix::stream_descriptor end_;
    boost::asio::posix::stream_descriptor errors_;
    std::string said_;  ///< the end of what it wrote to standard error
};

}  // namespace firstfin::run
