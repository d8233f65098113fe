#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace firstfin::testing {

/// A response as it came, as far as the cases look at it.
struct response {
    std::string status;      ///< "200"; "0.9" when no status line began it
    unsigned version = 11;   ///< 11: HTTP/1.1
    std::string connection;  ///< values of all Connection lines in their order, joined by ", "
    std::string keep_alive;  ///< likewise
    std::string framing;     ///< what tells the body's end: length, chunked, end; none: there is no body
    std::size_t body = 0;    ///< bytes
    bool cut = false;        ///< the connection ended before the body did
};

/// Takes responses off a stream of bytes, one after another. No I/O.
class answer_reader {
public:
    void feed(std::string_view bytes) { buffer_ += bytes; }
    /// No more bytes will come.
    void end() { ended_ = true; }
    [[nodiscard]] bool has_ended() const { return ended_; }

    /// The next response when it is whole, or cut by the end; otherwise its bytes stay for another attempt. `head`: it
    /// answers a HEAD. Throws std::runtime_error at bytes that are no response.
    [[nodiscard]] std::optional<response> next(bool head);
    [[nodiscard]] std::string_view left() const { return buffer_; }

private:
    std::string buffer_;
    bool ended_ = false;
};

}  // namespace firstfin::testing
