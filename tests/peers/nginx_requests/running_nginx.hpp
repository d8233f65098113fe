#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {

/// nginx in a folder of its own, listening there on a local socket per server block: no port, no privilege.
class running_nginx {
public:
    /// `servers`: the blocks, with "listen unix:NAME" in each.
    explicit running_nginx(std::string_view servers);
    running_nginx(const running_nginx&) = delete;
    running_nginx& operator=(const running_nginx&) = delete;
    ~running_nginx();

    /// Sends all of it on a new connection, ends its own half and reads until nginx has ended the other.
    [[nodiscard]] std::string exchange(const std::string& socket, std::string_view bytes) const;

private:
    [[nodiscard]] int connect(const std::string& socket) const;

    temporary_folder folder_;
    pid_t pid_ = -1;
};

/// "1.22.1" of the nginx installed; empty if there is none.
[[nodiscard]] std::string nginx_version();

/// Whether that nginx knows it, in http.
[[nodiscard]] bool accepts_directive(std::string_view directive);

}  // namespace firstfin::test
