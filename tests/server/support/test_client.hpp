#pragma once

#include <string>
#include <string_view>

#include "core/endpoint.hpp"
#include "tests/server/support/event_log.hpp"

namespace firstfin::test {

inline constexpr std::string_view get = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

struct received_response {
    int status = 0;
    std::string head;
    std::string body;

    [[nodiscard]] bool says(std::string_view line) const { return head.find(line) != std::string::npos; }
};

/// How a connection looks when there is nothing more to read.
enum class ended { by_eof, by_reset, not_yet };

/// A blocking client that does exactly what a test says, one call a step. Throws when a response does not come.
class test_client {
public:
    explicit test_client(const endpoint& server);
    test_client(test_client&& other) noexcept;
    test_client(const test_client&) = delete;
    test_client& operator=(const test_client&) = delete;
    ~test_client();

    void send(std::string_view bytes);
    /// False when the connection no longer takes bytes (EPIPE, ECONNRESET).
    [[nodiscard]] bool try_send(std::string_view bytes);
    [[nodiscard]] received_response read_response(bool head_request = false);
    [[nodiscard]] received_response request(std::string_view bytes = get);
    /// Reads (and drops) to the end of the connection.
    [[nodiscard]] ended read_to_end(duration limit = patience);
    [[nodiscard]] std::string read_exactly(std::size_t size);

    void half_close();
    void reset();
    void close();

private:
    [[nodiscard]] std::size_t read_some(char* into, std::size_t size);

    int socket_;
    std::string rest_;
};

}  // namespace firstfin::test
