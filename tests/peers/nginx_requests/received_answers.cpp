#include "tests/peers/nginx_requests/received_answers.hpp"

#include <charconv>
#include <stdexcept>

namespace firstfin::test {

namespace {

template <class Number>
Number number_at(std::string_view text) {
    Number number{};
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

std::string_view value_of(std::string_view header, std::string_view name) {
    const auto at = header.find(name);
    if (at == std::string_view::npos) return {};
    const auto value = header.substr(at + name.size());
    return value.substr(0, value.find("\r\n"));
}

}  // namespace

std::vector<answer> received_answers(std::string_view sent) {
    std::vector<answer> all;
    while (!sent.empty()) {
        if (!sent.starts_with("HTTP/1.1 ")) {
            // HTTP/0.9: what it understood, or the page of an error.
            all.push_back({0, then::close, true, std::nullopt});
            if (!sent.starts_with("<html>")) all.back().echo = std::string(sent);
            break;
        }
        const auto end = sent.find("\r\n\r\n");
        if (end == std::string_view::npos) throw std::runtime_error("no end of header");
        const auto header = sent.substr(0, end + 2);
        sent.remove_prefix(end + 4);
        answer one;
        one.status = number_at<unsigned>(header.substr(9));
        one.afterwards =
            one.status == 100 || value_of(header, "\r\nConnection: ") == "keep-alive" ? then::keep : then::close;
        // HEAD has the length of a body that does not follow. Of a request that was refused nginx may not tell the
        // method; then there is nothing more behind the header.
        one.has_body = one.status != 100 && value_of(header, "\r\nX-Method: ") != "HEAD" && !sent.empty();
        if (one.has_body) {
            const auto length = number_at<std::size_t>(value_of(header, "\r\nContent-Length: "));
            if (sent.size() < length) throw std::runtime_error("a body is short");
            if (one.status == 201) one.echo = std::string(sent.substr(0, length));
            sent.remove_prefix(length);
        }
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace firstfin::test
