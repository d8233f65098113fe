#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace firstfin::http_request {

enum class method : std::uint8_t {
    other,  ///< any word of capitals, '-' and '_'
    get,
    head,
    post,
    put,
    del,
    mkcol,
    copy,
    move,
    options,
    propfind,
    proppatch,
    lock,
    unlock,
    patch,
    trace,
    connect,
};

[[nodiscard]] method method_of(std::string_view text);

/// The header lines as they came, without those that were ignored.
class header_list {
public:
    struct field {
        std::string_view name;
        std::string_view value;
    };
    /// Where a line is, counted from the request's first byte: a buffer may move while it grows.
    struct place {
        std::uint32_t name, name_size, value, value_size;
    };

    header_list() = default;
    header_list(const char* base, std::span<const place> places) : base_(base), places_(places) {}

    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] field operator[](std::size_t index) const {
        const auto& one = places_[index];
        return {{base_ + one.name, one.name_size}, {base_ + one.value, one.value_size}};
    }
    /// The first of that name, in whatever case.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;

private:
    const char* base_ = nullptr;
    std::span<const place> places_;
};

/// What the Connection lines ask for. nginx looks for the two words anywhere in a line, in whatever case: "disclosed"
/// closes. In one line close wins; of several lines the last that says anything.
enum class connection_wish : std::uint8_t { unsaid, close, keep_alive };

[[nodiscard]] connection_wish wish_in(std::string_view connection_line);

/// HTTP versions as nginx counts them.
inline constexpr unsigned http_0_9 = 9, http_1_0 = 1000, http_1_1 = 1001;

/// A request's header, read. Text is never owned: see request_parser::get.
struct request {
    method verb = method::other;
    std::string_view method_text;  ///< $request_method
    std::string_view line;         ///< $request
    std::string_view target;       ///< $request_uri
    std::string_view path;         ///< $uri: decoded, without dot segments; begins with '/'
    std::string_view args;         ///< $args
    std::string_view protocol;     ///< $server_protocol; empty in HTTP/0.9
    unsigned version = http_0_9;   ///< "HTTP/1.37" is 1037, and as good as 1.1
    std::string_view host;         ///< $host: lower case, no port; of the target if that has one; may be empty
    std::string_view user_agent;   ///< of its first line
    header_list headers;

    connection_wish wish = connection_wish::unsaid;
    std::optional<std::uint64_t> content_length;
    bool chunked = false;
    bool expects_continue = false;  ///< "100 Continue" is due before its body is read

    [[nodiscard]] bool has_body() const { return chunked || content_length.value_or(0) != 0; }
    /// Whether the client's side of it lets the connection live on (ngx_http_handler).
    [[nodiscard]] bool allows_keep_alive() const;
};

}  // namespace firstfin::http_request
