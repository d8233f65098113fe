#pragma once

#include <sys/types.h>

#include <unistd.h>
#include <optional>
#include <string>
#include <vector>

#include "core/endpoint.hpp"
#include "tests/server/support/child_program.hpp"
#include "tests/server/support/test_client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {

/// Waits for something to become so; false after `patience`.
template <class Condition>
bool comes_true(Condition is_so);

/// firstfin-server in nginx's place: a folder with nginx.conf and an index file, a port of its own.
class nginx_program {
public:
    /// `server`: directives of the server that listens on port(); `main`: of the main level.
    explicit nginx_program(const std::string& server = {}, const std::string& main = {});
    ~nginx_program();
    nginx_program(const nginx_program&) = delete;
    nginx_program& operator=(const nginx_program&) = delete;

    void configure(const std::string& server, const std::string& main = {}, const std::string& pid = "nginx.pid",
                   const std::string& listen_options = {}) const;
    /// In the foreground; returns when it answers.
    void start(unsigned descriptor_limit = 0);
    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& more = {}) const;

    [[nodiscard]] child_program& master() { return *master_; }
    [[nodiscard]] pid_t pid() const;
    /// The master's children, in the order they were made.
    [[nodiscard]] std::vector<pid_t> workers() const;

    [[nodiscard]] endpoint where() const { return endpoint(boost::asio::ip::address_v4::loopback(), port_); }
    /// On a connection of its own.
    [[nodiscard]] std::string body() const;
    [[nodiscard]] bool answers() const;
    [[nodiscard]] std::string log() const;
    [[nodiscard]] std::string file(const std::string& name) const { return (folder_.path() / name).string(); }

private:
    temporary_folder folder_;
    std::uint16_t port_;
    std::optional<child_program> master_;
};

/// A directive for -g that keeps workers of root's root: the folder is nobody else's. Others get a comment: nginx warns
/// them.
[[nodiscard]] std::string stays_whoever_we_are();
[[nodiscard]] bool is_alive(pid_t process);
[[nodiscard]] std::size_t open_descriptors(pid_t process);
[[nodiscard]] std::size_t count_of(std::string_view part, std::string_view text);

template <class Condition>
bool comes_true(Condition is_so) {
    const auto give_up = steady::now() + patience;
    while (!is_so()) {
        if (steady::now() > give_up) return false;
        ::usleep(2000);
    }
    return true;
}

}  // namespace firstfin::test
