#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>

#include "server/nginx_conf/configuration.hpp"
#include "server/nginx_conf/settings.hpp"

// Reading a configuration and working out what it means, from memory: bytes a second, for a small file and for one of
// a site with hundreds of servers.

namespace firstfin::nginx_conf {
namespace {

/// 20 lines.
std::string server_block(int number) {
    return fmt::format(R"(    # customer {0}
    server {{
        listen 80;
        listen 127.0.0.1:{1} backlog=1024;
        server_name customer{0}.example.com *.customer{0}.example.com;
        keepalive_timeout {2}s 60s;
        keepalive_requests 10000;
        root /srv/www/customer{0};
        location / {{
            try_files $uri $uri/ =404;
            add_header X-Customer "number {0}";
        }}
        location ~ \.php$ {{
            proxy_pass http://backend;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $host;
        }}
    }}

)",
                       number, 10'000 + number, 30 + number % 60);
}

std::string site(int servers) {
    std::string out =
        "worker_processes auto;\nevents { worker_connections 4096; }\nhttp {\n"
        "    upstream backend {\n        server 127.0.0.1:9000;\n        keepalive 32;\n    }\n";
    for (int number = 0; number < servers; ++number)
        out += server_block(number);
    return out + "}\n";
}

void nginx_conf_read(benchmark::State& state) {
    const auto text = site(static_cast<int>(state.range(0)));
    const reading_options options{.access = files_in_memory({{"/nginx.conf", text}})};
    const auto understood = [&options] { return read_configuration("/nginx.conf", "/", options); };
    if (const auto once = understood(); !once.is_valid() || effective(once).servers.empty())
        return state.SkipWithError("the generated configuration is not valid");
    for (auto _ : state)
        benchmark::DoNotOptimize(effective(understood()));
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
    state.SetLabel(fmt::format("{} lines", std::ranges::count(text, '\n')));
}
BENCHMARK(nginx_conf_read)->ArgName("servers")->Arg(1)->Arg(500)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace firstfin::nginx_conf
