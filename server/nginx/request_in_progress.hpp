#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/http_request/request_parser.hpp"
#include "server/nginx/answer_sender.hpp"
#include "server/nginx/body_remainder.hpp"

namespace firstfin::nginx {

/// The bytes of a header as they come in: a buffer that grows as nginx's large buffers are taken.
class header_buffer {
public:
    /// Room for `size` more bytes; what is in it may move.
    [[nodiscard]] char* room(std::size_t size) {
        if (bytes_.size() < end_ + size) bytes_.resize(end_ + size);
        return bytes_.data() + end_;
    }
    void added(std::size_t size) { end_ += size; }
    [[nodiscard]] std::string_view view() const { return {bytes_.data() + begin_, end_ - begin_}; }
    /// Forgets the first bytes.
    void drop(std::size_t size) { begin_ += size; }
    /// Moves what is left to the front, and `more` behind it: a request begins there.
    void restart(std::string_view more) {
        std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  bytes_.begin() + static_cast<std::ptrdiff_t>(end_), bytes_.begin());
        end_ -= begin_;
        begin_ = 0;
        std::copy(more.begin(), more.end(), room(more.size()));
        added(more.size());
    }
    void clear() {
        begin_ = end_ = 0;
        if (bytes_.size() > kept) {
            bytes_.resize(kept);
            bytes_.shrink_to_fit();
        }
    }

private:
    static constexpr std::size_t kept = 16 * 1024;
    std::vector<char> bytes_;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

/// Everything that exists only while a request is read and answered. An idle connection has none of it.
struct request_in_progress {
    explicit request_in_progress(const http_request::request_rules& rules) : parser(rules) {}

    http_request::request_parser parser;
    header_buffer buffer;
    answer out;
    answer_sender sender;
    body_remainder body;
    std::string behind_body;  ///< read from the socket behind a chunked body: the next request
    time_point began;         ///< its first byte
    std::time_t began_second = 0;
    std::size_t header_size = 0;
    std::time_t linger_until = 0;  ///< in seconds, as nginx counts lingering_time; 0: not begun
    bool had_body = false;         ///< r->lingering_close
    bool discarding = false;       ///< r->discard_body
    bool pipelined = false;        ///< r->pipeline
    bool answered = false;         ///< `out` holds an answer

    /// For the next request; keeps the memory and the bytes that are left.
    void begin_next();
};

/// Requests in progress are few at a time and their memory is warm: they are used again.
class request_pool {
public:
    explicit request_pool(const http_request::request_rules& rules) : rules_(&rules) {}

    [[nodiscard]] const http_request::request_rules& rules() const { return *rules_; }
    [[nodiscard]] std::unique_ptr<request_in_progress> take();
    void give_back(std::unique_ptr<request_in_progress> used);

private:
    const http_request::request_rules* rules_;
    std::vector<std::unique_ptr<request_in_progress>> free_;
};

}  // namespace firstfin::nginx
