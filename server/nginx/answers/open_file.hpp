#pragma once

#include <cstdint>

namespace firstfin::nginx {

/// A file kept open while parts of it are sent; closed with its last user.
class open_file {
public:
    explicit open_file(int fd) : fd_(fd) {}
    ~open_file();
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;

    [[nodiscard]] int fd() const { return fd_; }

private:
    int fd_;
};

}  // namespace firstfin::nginx
