#include "server/nginx/body_remainder.hpp"

#include <algorithm>

namespace firstfin::nginx {

std::size_t body_remainder::wanted(std::size_t most) const {
    return is_chunked() ? most : static_cast<std::size_t>(std::min<std::uint64_t>(left_in_length(), most));
}

body_remainder::progress body_remainder::drop(std::string_view& bytes) {
    if (is_complete()) return progress::complete;
    if (auto* length = std::get_if<std::uint64_t>(&left_)) {
        const auto taken = std::min<std::uint64_t>(*length, bytes.size());
        bytes.remove_prefix(static_cast<std::size_t>(taken));
        *length -= taken;
        return *length == 0 ? progress::complete : progress::wants_more;
    }
    auto& chunks = std::get<http_request::chunked_reader>(left_);
    const auto step = chunks.feed(bytes);
    bytes.remove_prefix(chunks.consumed());
    if (step == http_request::chunked_reader::progress::refused) return progress::bad;
    complete_ = step == http_request::chunked_reader::progress::complete;
    return complete_ ? progress::complete : progress::wants_more;
}

}  // namespace firstfin::nginx
