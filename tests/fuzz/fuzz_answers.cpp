#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "server/http_request/request_parser.hpp"
#include "server/nginx/answers/site.hpp"
#include "server/nginx/body_remainder.hpp"
#include "server/nginx_conf/configuration.hpp"

// Any bytes that are a request get a complete answer, and so do those that are refused: whatever path, field, range,
// condition or body they hold. The first byte of the input chooses what the worker knows beside it.

namespace {

using namespace firstfin;
using namespace firstfin::nginx;

void require(bool holds) {
    if (!holds) std::abort();
}

constexpr auto conf = R"(
events {}
http {
    access_log off;
    types { text/html html shtml; text/plain txt; }
    server {
        listen 8080;
        root html;
        index missing index.html;
        error_page 404 =200 /404.html;
        error_page 400 414 500 /bad;
        add_header X-Told "$connection_requests $status $arg_a $http_x $cookie_c $host $remote_addr" always;
        location / { try_files $uri $uri/ =404; }
        location = /text { return 200 "$args $request_method $request_uri"; }
        location /moved { return 301 /there$is_args$args; }
        location /none { return 444; }
        location /204 { return 204; }
        location /ssi { ssi on; alias html; }
        location /slow { limit_rate 1000; alias html; }
        location ^~ /inside { internal; }
        location ~ \.(txt|md)$ { keepalive_timeout 0; }
        location ~* ^/CASE { client_max_body_size 3; keepalive_disable safari; }
        location /up { proxy_pass http://127.0.0.1:9; error_page 501 @named; }
        location @named { return 503 named; }
        location /dir/ { autoindex off; }
        location /loop { error_page 404 /loop/x; }
    }
    server { listen 8080; server_name *.example ~^a+$; return 403; keepalive_requests 1; }
}
)";

/// Files to answer with, and the site over them; removed at the end.
struct ground {
    ground() {
        folder = std::filesystem::temp_directory_path() / ("firstfin-fuzz-" + std::to_string(::getpid()));
        std::filesystem::create_directories(folder / "html/dir");
        std::ofstream(folder / "html/index.html") << "index";
        std::ofstream(folder / "html/404.html") << "not found";
        std::ofstream(folder / "html/a.txt") << "0123456789";
        std::ofstream(folder / "html/page.shtml") << "<!--#echo -->";
        std::ofstream(folder / "html/large") << std::string(100'000, 'x');
        nginx_conf::reading_options options;
        options.access = nginx_conf::files_in_memory({{"/n.conf", conf}});
        const auto read = nginx_conf::read_configuration("/n.conf", "/", options);
        require(read.is_valid());
        all = std::make_unique<site>(nginx_conf::effective(read), read.files, folder.string() + "/");
    }
    ~ground() { std::filesystem::remove_all(folder); }

    std::filesystem::path folder;
    std::unique_ptr<site> all;
};

void check(const answer& out, const http_request::request& asked) {
    require(out.values != nullptr);
    require(out.head_size <= out.bytes.size());
    if (out.what == answer::kind::nothing) return require(out.bytes.empty() && out.rest.empty());
    require(out.status >= 200 && out.status <= 599);
    for (const auto& part : out.rest)
        require(part.file == nullptr ? !part.text.empty() : part.size > 0 && part.begin >= 0);
    if (out.head_size == 0) return;
    const std::string_view head(out.bytes.data(), out.head_size);
    require(head.starts_with("HTTP/1.1 ") && head.ends_with("\r\n\r\n"));
    require(head.find("\r\n\r\n") == head.size() - 4);
    require(head.find("\r\nConnection: ") != head.npos);
    if (asked.verb == http_request::method::head) require(out.rest.empty() && out.bytes.size() == out.head_size);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const ground here;
    static const worker_clock clock;
    if (size < 2) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 1), size - 1);
    http_request::request_parser parser(here.all->rules(0));
    const auto done = parser.feed(bytes);
    if (done == http_request::request_parser::progress::wants_more) return 0;

    connection_facts facts;
    facts.number = 1;
    facts.requests = 1 + data[0] % 4U;
    facts.accepted = clock.now() - std::chrono::minutes((data[0] & 4U) != 0 ? 90 : 0);
    const auto& asked = parser.get();
    auto rest = bytes.substr(parser.consumed());
    body_remainder body;
    if (asked.chunked) body = body_remainder(here.all->rules(0).speaks);
    if (!asked.chunked && asked.content_length) body = body_remainder(*asked.content_length);
    const auto dropped = body.drop(rest);
    const bool is_bad = dropped == body_remainder::progress::bad;
    require(rest.empty() || dropped != body_remainder::progress::wants_more);

    const exchange what{.request = asked,
                        .connection = facts,
                        .clock = clock,
                        .exiting = (data[0] & 8U) != 0,
                        .pipelined = (data[0] & 16U) != 0,
                        .discard_error = is_bad ? 400 : 0,
                        .header_size = parser.consumed(),
                        .began = clock.now()};
    answer out;
    if (done == http_request::request_parser::progress::refused)
        here.all->answer_to_refused(what, parser.why(), out);
    else
        here.all->answer_to(what, out);
    check(out, asked);
    if (what.exiting) require(!out.keeps_alive);
    return 0;
}
