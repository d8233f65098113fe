#include "tests/server/support/test_client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace firstfin::test {

namespace {

void check(bool fine, const char* attempt) {
    if (!fine) throw std::system_error(errno, std::system_category(), attempt);
}

bool readable_within(int socket, duration limit) {
    pollfd wanted{socket, POLLIN, 0};
    return ::poll(&wanted, 1, static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(limit).count())) > 0;
}

}  // namespace

test_client::test_client(const endpoint& server)
    : socket_(::socket(server.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    check(socket_ >= 0, "socket");
    if (::connect(socket_, server.data(), static_cast<socklen_t>(server.size())) == 0) return;
    const int why = errno;
    close();
    errno = why;
    check(false, "connect");
}

test_client::test_client(test_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), rest_(std::move(other.rest_)) {}

test_client::~test_client() {
    close();
}

void test_client::send(std::string_view bytes) {
    check(try_send(bytes), "send");
}

bool test_client::try_send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::size_t test_client::read_some(char* into, std::size_t size) {
    if (!readable_within(socket_, patience)) throw std::runtime_error("no bytes came");
    const auto bytes = ::recv(socket_, into, size, 0);
    check(bytes >= 0, "recv");
    if (bytes == 0) throw std::runtime_error("EOF before the end of the response");
    return static_cast<std::size_t>(bytes);
}

std::string test_client::read_exactly(std::size_t size) {
    std::array<char, 65536> buffer{};
    while (rest_.size() < size)
        rest_.append(buffer.data(), read_some(buffer.data(), buffer.size()));
    auto out = rest_.substr(0, size);
    rest_.erase(0, size);
    return out;
}

received_response test_client::read_response(bool head_request) {
    received_response out;
    std::array<char, 65536> buffer{};
    while (rest_.find("\r\n\r\n") == std::string::npos)
        rest_.append(buffer.data(), read_some(buffer.data(), buffer.size()));
    out.head = read_exactly(rest_.find("\r\n\r\n") + 4);
    out.status = std::stoi(out.head.substr(9, 3));
    const auto length = out.head.find("Content-Length: ");
    if (!head_request && length != std::string::npos) out.body = read_exactly(std::stoul(out.head.substr(length + 16)));
    return out;
}

received_response test_client::request(std::string_view bytes) {
    send(bytes);
    return read_response(bytes.starts_with("HEAD"));
}

ended test_client::read_to_end(duration limit) {
    std::array<char, 65536> buffer{};
    while (readable_within(socket_, limit)) {
        const auto bytes = ::recv(socket_, buffer.data(), buffer.size(), 0);
        if (bytes == 0) return ended::by_eof;
        if (bytes < 0) return ended::by_reset;
    }
    return ended::not_yet;
}

void test_client::half_close() {
    check(::shutdown(socket_, SHUT_WR) == 0, "shutdown");
}

void test_client::reset() {
    const linger now{1, 0};
    check(::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0, "SO_LINGER");
    close();
}

void test_client::close() {
    if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

}  // namespace firstfin::test
