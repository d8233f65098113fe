#include "tests/peers/nginx_requests/mutated_requests.hpp"

#include <fmt/format.h>

#include <array>
#include <random>
#include <string_view>

namespace firstfin::test {

namespace {

using namespace std::string_view_literals;

/// What the grammars turn on.
constexpr std::array tokens{"\r"sv,
                            "\n"sv,
                            "\r\n"sv,
                            "\r\n\r\n"sv,
                            " "sv,
                            "\t"sv,
                            "\0"sv,
                            ":"sv,
                            "/"sv,
                            "//"sv,
                            "/."sv,
                            "/.."sv,
                            "%2e"sv,
                            "%2F"sv,
                            "%"sv,
                            "?"sv,
                            "#"sv,
                            "+"sv,
                            "."sv,
                            "["sv,
                            "]"sv,
                            "@"sv,
                            "_"sv,
                            "-"sv,
                            "\x7f"sv,
                            "\x80"sv,
                            "HTTP/1.1"sv,
                            "HTTP/1.0"sv,
                            "http://"sv,
                            "Host: b"sv,
                            "GET "sv,
                            "close"sv,
                            "keep-alive"sv,
                            "0"sv,
                            "9"sv,
                            "chunked"sv,
                            ";"sv,
                            ","sv,
                            "Connection: "sv,
                            "Content-Length: 3"sv,
                            "Transfer-Encoding: chunked"sv};

void mutate(std::string& bytes, std::mt19937& random) {
    const auto below = [&](std::size_t limit) { return limit == 0 ? 0 : random() % limit; };
    const auto at = below(bytes.size() + 1);
    switch (below(5)) {
        case 0:
            bytes.insert(at, tokens[below(tokens.size())]);
            break;
        case 1:
            bytes.erase(at, 1 + below(8));
            break;
        case 2:
            if (at != bytes.size()) bytes[at] = static_cast<char>(random());
            break;
        case 3:
            bytes.insert(at, bytes.substr(below(bytes.size()), 1 + below(20)));
            break;
        default:
            bytes.replace(at, std::min<std::size_t>(1, bytes.size() - at), tokens[below(tokens.size())]);
    }
}

}  // namespace

std::vector<raw_request> mutated_requests(std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    const auto parents = raw_requests();
    std::vector<raw_request> all;
    while (all.size() != count) {
        auto one = parents[random() % parents.size()];
        for (auto times = 1 + random() % 4; times != 0; --times)
            mutate(one.bytes, random);
        one.name = fmt::format("mutation {} of {}: {}", all.size(), one.name, one.bytes.substr(0, 300));
        all.push_back(std::move(one));
    }
    return all;
}

}  // namespace firstfin::test
