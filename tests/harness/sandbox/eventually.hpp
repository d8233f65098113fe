#pragma once

#include <poll.h>

#include <unistd.h>
#include <chrono>
#include <cstddef>
#include <string>

namespace firstfin::testing {

/// How long a test waits for what must happen; a passing test never waits so long.
inline constexpr auto test_deadline = std::chrono::seconds(10);

/// True as soon as `holds()` is; false when the deadline passes first.
template <class Condition>
bool eventually(Condition holds, std::chrono::seconds limit = test_deadline) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        ::poll(nullptr, 0, 1);
    }
    return true;
}

inline bool await_readable(int fd) {
    pollfd waiting{fd, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(test_deadline).count())) == 1;
}

/// What arrives on `fd` until its end; "(no end of file)" is added when the deadline passes first.
inline std::string read_to_end(int fd) {
    std::string text;
    for (char piece[4096];;) {
        if (!await_readable(fd)) return text + "(no end of file)";
        const auto size = ::read(fd, piece, sizeof piece);
        if (size <= 0) return text;
        text.append(piece, static_cast<std::size_t>(size));
    }
}

/// Up to and without the next newline.
inline std::string read_line(int fd) {
    std::string line;
    for (char c = 0;;) {
        if (!await_readable(fd) || ::read(fd, &c, 1) != 1) return line + "(no end of line)";
        if (c == '\n') return line;
        line += c;
    }
}

}  // namespace firstfin::testing
