#include <benchmark/benchmark.h>

#include "server/http_request/request_parser.hpp"

namespace {

using firstfin::http_request::request_parser;

constexpr std::string_view wrk = "GET / HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n";

constexpr std::string_view browser =
    "GET /catalogue/items?page=3&sort=price HTTP/1.1\r\n"
    "Host: shop.example.test\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
    "Connection: keep-alive\r\n"
    "Referer: https://shop.example.test/catalogue/\r\n"
    "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark; consent=1\r\n"
    "Upgrade-Insecure-Requests: 1\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Priority: u=0, i\r\n"
    "\r\n";

void parse(benchmark::State& state, std::string_view bytes) {
    request_parser parser;
    for (auto _ : state) {
        parser.reset();
        benchmark::DoNotOptimize(bytes.data());
        if (parser.feed(bytes) != request_parser::progress::complete) state.SkipWithError("refused");
        benchmark::DoNotOptimize(parser.get());
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

BENCHMARK_CAPTURE(parse, wrk, wrk);
BENCHMARK_CAPTURE(parse, browser, browser);
BENCHMARK_CAPTURE(parse, unread_path, std::string_view("GET /a/./b//c/../%41 HTTP/1.1\r\nHost: a\r\n\r\n"));

}  // namespace
