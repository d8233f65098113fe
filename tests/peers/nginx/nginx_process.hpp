#pragma once

#include <optional>
#include <string>
#include <thread>

#include "harness/sandbox/child_process.hpp"
#include "harness/sandbox/stage_network.hpp"
#include "tests/peers/nginx/conformance_case.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::testing {

/// The program under test: FIRSTFIN_NGINX, or the installed nginx. Whatever it is, it understands nginx's command line.
/// Throws std::runtime_error with the remedy when it is not there.
[[nodiscard]] std::string program_under_test();
/// "1.22.1", as `-v` says; throws std::runtime_error when it says none.
[[nodiscard]] std::string version_of(const std::string& program);
/// Whether `-V` does not say --without-http_proxy_module.
[[nodiscard]] bool can_proxy(const std::string& program);
/// By numbers: "1.9.0" is before "1.22.1".
[[nodiscard]] bool is_before(const std::string& version, const std::string& other);

/// The program in a folder of its own, inside the server's namespace; it and its workers end with this object.
class nginx_process {
public:
    /// Returns when it has answered a request, so that its worker waits for events. Throws std::runtime_error with what
    /// the program printed when it ends instead.
    nginx_process(const conformance_case& about, const sandbox::stage_network& network);
    ~nginx_process();
    nginx_process(const nginx_process&) = delete;
    nginx_process& operator=(const nginx_process&) = delete;

    /// To the master.
    void signal(int number) { master_->signal(number); }
    [[nodiscard]] std::string error_log() const;

private:
    void write_files(const conformance_case& about) const;
    void await_readiness(const sandbox::stage_network& network, std::uint16_t port);

    test::temporary_folder folder_;
    sandbox::pid_namespace processes_;
    std::optional<sandbox::child_process> master_;  // goes before its PID namespace
};

/// Stands at 127.0.0.1:9000 of the server's namespace and answers every request after a while. A thread of its own: to
/// be started when nothing is forked any more.
class slow_upstream {
public:
    slow_upstream(const sandbox::stage_network& network, double seconds);

private:
    sandbox::unique_fd listener_;
    std::jthread thread_;
};

}  // namespace firstfin::testing
