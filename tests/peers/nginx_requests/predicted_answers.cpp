#include "tests/peers/nginx_requests/predicted_answers.hpp"

#include <fmt/format.h>

#include "server/http_request/chunked_reader.hpp"
#include "server/http_request/known_browsers.hpp"
#include "server/http_request/request_parser.hpp"

namespace firstfin::test {

namespace {

using namespace http_request;

constexpr std::uint64_t most_body = 1024 * 1024;  // client_max_body_size's default

std::string echo_of(const request& one) {
    return fmt::format("{}|{}|{}|{}|{}|{}|{}", one.method_text, one.path, one.args,
                       one.host.empty() ? "default.test" : one.host, one.protocol, one.target,
                       one.headers.find("x-test").value_or(""));
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
            all.push_back({parser.why().bare ? 0 : parser.why().status, then::close, std::nullopt});
            return all;
        }
        bytes.remove_prefix(parser.consumed());
        const auto& one = parser.get();
        answer said{200, is_kept(one, server) ? then::keep : then::close, std::nullopt};
        if (one.version < http_1_0) said.status = 0;
        if (one.verb != method::head) said.echo = echo_of(one);
        if (one.content_length.value_or(0) > most_body) {
            all.push_back({413, then::close, std::nullopt});
            return all;
        }
        if (one.expects_continue) all.push_back({100, then::keep, std::nullopt});
        const auto rest = take_body(one, server.rules.speaks, bytes);
        if (rest == body::bad) said = {400, then::close, std::nullopt};
        all.push_back(said);
        if (rest != body::read || said.afterwards == then::close) return all;
    }
}

}  // namespace firstfin::test
