#include "tests/peers/nginx_answers/answered_here.hpp"

#include <unistd.h>

#include "server/http_request/chunked_reader.hpp"
#include "server/http_request/request_parser.hpp"
#include "server/nginx/answers/open_file.hpp"

namespace firstfin::test {

namespace {

using namespace http_request;

std::string all_of(const nginx::answer& said) {
    if (said.what == nginx::answer::kind::nothing) return {};
    std::string out = said.sends_continue ? "HTTP/1.1 100 Continue\r\n\r\n" : "";
    out += said.bytes;
    for (const auto& each : said.rest) {
        if (!each.file) {
            out += each.text;
            continue;
        }
        std::string part(static_cast<std::size_t>(each.size), '\0');
        if (::pread(each.file->fd(), part.data(), part.size(), each.begin) != each.size) return "a file is short";
        out += part;
    }
    return out;
}

std::int64_t size_of(const nginx::answer& said) {
    auto size = static_cast<std::int64_t>(all_of(said).size());
    return said.sends_continue ? size - 25 : size;
}

}  // namespace

std::string answered_here(const nginx::site& site, std::string_view bytes) {
    std::string out;
    nginx::answer said;
    const nginx::worker_clock clock;
    nginx::connection_facts connection;
    connection.number = 7;
    connection.accepted = clock.now();
    connection.local = endpoint(boost::asio::ip::address_v4::loopback(), 80);
    connection.remote = endpoint(boost::asio::ip::address_v4::loopback(), 4711);
    request_parser parser(site.rules(0));
    for (;;) {
        parser.reset();
        const auto done = parser.feed(bytes);
        if (done == request_parser::progress::wants_more) return out;
        ++connection.requests;
        if (done == request_parser::progress::refused) {
            nginx::exchange what{.request = parser.get(), .connection = connection, .clock = clock};
            what.header_size = parser.consumed();
            what.pipelined = connection.requests > 1;
            site.answer_to_refused(what, parser.why(), said);
            site.log(what, said, size_of(said));
            return out + all_of(said);
        }
        const auto& asked = parser.get();
        nginx::exchange what{.request = asked, .connection = connection, .clock = clock};
        what.pipelined = connection.requests > 1;
        what.header_size = parser.consumed();
        what.began = clock.now();
        bytes.remove_prefix(parser.consumed());
        if (asked.chunked) {
            chunked_reader chunks(site.rules(0).speaks);
            if (chunks.feed(bytes) == chunked_reader::progress::refused) what.discard_error = 400;
            bytes.remove_prefix(chunks.consumed());
        } else {
            bytes.remove_prefix(std::min<std::size_t>(bytes.size(), asked.content_length.value_or(0)));
        }
        site.answer_to(what, said);
        out += all_of(said);
        site.log(what, said, size_of(said));
        if (said.what == nginx::answer::kind::nothing || !said.keeps_alive || what.discard_error != 0) return out;
        if (said.values->keepalive_timeout.value.count() == 0) return out;
    }
}

}  // namespace firstfin::test
