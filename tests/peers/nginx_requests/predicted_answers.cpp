#include "tests/peers/nginx_requests/predicted_answers.hpp"

#include <fmt/format.h>

#include "server/http_request/chunked_reader.hpp"
#include "server/http_request/known_browsers.hpp"
#include "server/http_request/letters.hpp"
#include "server/http_request/request_parser.hpp"

namespace firstfin::test {

namespace {

using namespace http_request;

constexpr std::uint64_t most_body = 1024 * 1024;  // client_max_body_size's default

/// $http_x_test, which is also X_Test's.
std::string_view x_test_of(const header_list& headers) {
    for (std::size_t at = 0; at != headers.size(); ++at) {
        const auto [name, value] = headers[at];
        if (name.size() == 6 && (name[1] == '-' || name[1] == '_') && equals_any_case(name.substr(0, 1), "x") &&
            equals_any_case(name.substr(2), "test")) {
            return value;
        }
    }
    return {};
}

std::string echo_of(const request& one) {
    return fmt::format("{}|{}|{}|{}|{}|{}|{}", one.method_text, one.path, one.args,
                       one.host.empty() ? "default.test" : one.host, one.protocol, one.target, x_test_of(one.headers));
}

bool is_kept(const request& one, const tried_server& server) {
    if (server.disables_safari ? is_mac_safari(one.user_agent)
                               : one.verb == method::post && is_old_msie(one.user_agent)) {
        return false;
    }
    return one.allows_keep_alive();
}

enum class body { read, unfinished, bad };

body take_body(const request& one, const dialect& speaks, std::string_view& rest) {
    if (one.chunked) {
        chunked_reader chunks(speaks);
        const auto done = chunks.feed(rest);
        rest.remove_prefix(chunks.consumed());
        if (done == chunked_reader::progress::refused) return body::bad;
        return done == chunked_reader::progress::complete ? body::read : body::unfinished;
    }
    const auto length = one.content_length.value_or(0);
    if (length > rest.size()) return body::unfinished;
    rest.remove_prefix(static_cast<std::size_t>(length));
    return body::read;
}

}  // namespace

std::vector<answer> predicted_answers(std::string_view bytes, const tried_server& server) {
    std::vector<answer> all;
    request_parser parser(server.rules);
    for (;;) {
        parser.reset();
        const auto done = parser.feed(bytes);
        if (done == request_parser::progress::wants_more) return all;
        if (done == request_parser::progress::refused) {
            const auto& why = parser.why();
            all.push_back({why.bare ? 0 : why.status, then::close, !why.head_only, std::nullopt});
            return all;
        }
        bytes.remove_prefix(parser.consumed());
        const auto& one = parser.get();
        answer said{201, is_kept(one, server) ? then::keep : then::close, one.verb != method::head, std::nullopt};
        if (one.version < http_1_0) said.status = 0;
        if (said.has_body) said.echo = echo_of(one);
        if (one.content_length.value_or(0) > most_body) {
            all.push_back({413, then::close, said.has_body, std::nullopt});
            return all;
        }
        if (one.expects_continue) all.push_back({100, then::keep, false, std::nullopt});
        const auto rest = take_body(one, server.rules.speaks, bytes);
        if (rest == body::bad) said = {400, then::close, said.has_body, std::nullopt};
        all.push_back(said);
        if (rest != body::read || said.afterwards == then::close) return all;
    }
}

}  // namespace firstfin::test
