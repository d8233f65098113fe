#pragma once

#include <unistd.h>

#include <boost/system/system_error.hpp>
#include <cerrno>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>

// What every user of the kernel here needs: a call that names its attempt when it fails, and a descriptor with one
// owner.
namespace firstfin::sandbox {

[[noreturn]] inline void fail(const std::string& attempt, int error) {
    throw boost::system::system_error(boost::system::error_code(error, boost::system::system_category()), attempt);
}

/// Passes `ret` through, or throws what was attempted and what the system said. The attempt is a plain view, never a
/// text formatted in the same expression: that could run after the call and change errno.
template <std::signed_integral Number>
Number check(std::string_view attempt, Number ret) {
    if (ret < 0) fail(std::string(attempt), errno);
    return ret;
}

template <std::signed_integral Number>
Number check(std::string_view attempt, std::string_view object, Number ret) {
    if (ret < 0) {
        const int error = errno;
        fail(std::string(attempt).append(" ").append(object), error);
    }
    return ret;
}

class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int fd) noexcept : fd_(fd) {}
    unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
    unique_fd& operator=(unique_fd&& other) noexcept {
        if (this != &other) reset(other.release());
        return *this;
    }
    ~unique_fd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; }
    explicit operator bool() const noexcept { return fd_ >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }
    void reset(int fd = -1) noexcept {
        const int old = std::exchange(fd_, fd);
        if (old >= 0) ::close(old);  // Linux frees the number even when close fails: never retried
    }

private:
    int fd_ = -1;
};

}  // namespace firstfin::sandbox
