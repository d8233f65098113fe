#include <benchmark/benchmark.h>

#include <fstream>

#include "tests/server/nginx/answers/asked_site.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

namespace nginx = firstfin::nginx;

/// One site for all: a text, a file of 1 KiB, 200 locations more.
nginx::test::asked_site& all() {
    static const firstfin::test::temporary_folder folder;
    static auto* site = [] {
        std::ofstream(folder.path() / "file.txt") << std::string(1024, 'x');
        std::string locations;
        for (int i = 0; i != 200; ++i)
            locations += "location /l" + std::to_string(i) + "/ { return 204; }\n";
        return new nginx::test::asked_site("access_log off; server { listen 80; server_name a.test b.test; root " +
                                           folder.path().string() +
                                           "; location /text { return 200 \"a short text\\n\"; } location /variable { "
                                           "add_header X-U $uri; return 200 \"$request_method $uri\\n\"; }\n" +
                                           locations + "}");
    }();
    return *site;
}

void answers(benchmark::State& state, const char* target) {
    auto& site = all();
    site.parse(std::string("GET ") + target +
               " HTTP/1.1\r\nHost: a.test\r\nUser-Agent: benchmark\r\nAccept: */*\r\nConnection: keep-alive\r\n\r\n");
    const auto what = site.about();
    nginx::answer out;
    for (auto _ : state) {
        site->answer_to(what, out);
        benchmark::DoNotOptimize(out.bytes.data());
    }
}

/// The line of an access log, written nowhere.
void log_line(benchmark::State& state) {
    nginx::test::asked_site site("server { listen 80; access_log /dev/null; return 200 x; }");
    const auto said = site.get("/", "User-Agent: benchmark\r\n");
    const auto what = site.about();
    for (auto _ : state)
        site->log(what, said, static_cast<std::int64_t>(said.bytes.size()));
}

BENCHMARK(log_line);
BENCHMARK_CAPTURE(answers, text, "/text");
BENCHMARK_CAPTURE(answers, variable, "/variable");
BENCHMARK_CAPTURE(answers, file, "/file.txt");
BENCHMARK_CAPTURE(answers, missing, "/none");
BENCHMARK_CAPTURE(answers, one_of_200, "/l77/");

}  // namespace
