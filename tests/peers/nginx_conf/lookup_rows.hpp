#pragma once

#include <string>

// One configuration and what nginx answers: our lookup and the real nginx are held to the same rows.

namespace firstfin::test {

/// Each location returns its own name, so an answer tells which one was found. SOCKET is put in.
inline const std::string lookup_configuration = R"(
daemon on; master_process on; worker_processes 1; pid DIR/pid; error_log DIR/error.log;
events {}
http {
    access_log off; client_body_temp_path DIR/1; proxy_temp_path DIR/2; fastcgi_temp_path DIR/3;
    uwsgi_temp_path DIR/4; scgi_temp_path DIR/5; root DIR/nothing; server_name_in_redirect off;
    server {
        listen unix:DIR/socket;
        server_name first.com;
        location / { return 200 "first /"; }
        location = / { return 200 "first = /"; }
        location /a { return 200 "first /a"; }
        location /a/b/ { return 200 "first /a/b/"; }
        location = /a/b/exact { return 200 "first = /a/b/exact"; }
        location ^~ /final { return 200 "first ^~ /final"; }
        location /final/inner { return 200 "first /final/inner"; }
        location ~ \.php$ { return 200 "first php"; }
        location ~* \.PNG$ { return 200 "first png"; }
        location ~ \.png$ { return 200 "first second png"; }
        location ~ ^/case/ { return 200 "first case"; }
        location /proxied/ { proxy_pass http://127.0.0.1:1; }
        location /both/ { proxy_pass http://127.0.0.1:1; }
        location = /both { return 200 "first = /both"; }
        location /near/ { proxy_pass http://127.0.0.1:1; }
        location /near { return 200 "first /near"; }
        location /outer {
            return 200 "first /outer";
        }
        location /nest {
            location /nest/in { return 200 "first /nest/in"; }
            location = /nest/exact { return 200 "first = /nest/exact"; }
            location ~ \.php$ { return 200 "first nested php"; }
            location ^~ /nest/final { return 200 "first /nest/final"; }
            return 200 "first /nest";
        }
        location ~ ^/pattern {
            location ~ b$ { return 200 "first pattern b"; }
            return 200 "first pattern";
        }
        location @named { return 200 "first @named"; }
    }
    server {
        listen unix:DIR/socket default_server;
        server_name "";
        location / { return 200 "default"; }
    }
    server {
        listen unix:DIR/socket;
        server_name *.example.com www.exact.com;
        location / { return 200 "star example"; }
    }
    server {
        listen unix:DIR/socket;
        server_name *.long.example.com www.exact.com .dot.com;
        location / { return 200 "long star"; }
    }
    server {
        listen unix:DIR/socket;
        server_name www.tail.* www.tail.longer.* mail.example.com;
        location / { return 200 "tail"; }
    }
    server {
        listen unix:DIR/socket;
        server_name ~^re(\d+)\.com$ ~example;
        location / { return 200 "pattern"; }
    }
    server {
        listen unix:DIR/socket;
        server_name ~^RE1 *.tail.longer.net only.server;
        location /only { return 200 "last"; }
    }
}
)";

struct lookup_row {
    const char* host;
    const char* uri;
    const char* answer;  ///< a location's text, "404" for none, "301" for an added slash
};

inline constexpr lookup_row lookup_rows[] = {
    {"first.com", "/", "first = /"},
    {"first.com", "/x", "first /"},
    {"first.com", "/a", "first /a"},
    {"first.com", "/ab", "first /a"},
    {"first.com", "/a/b", "first /a"},
    {"first.com", "/a/b/c", "first /a/b/"},
    {"first.com", "/a/b/exact", "first = /a/b/exact"},
    {"first.com", "/a/b/exact/", "first /a/b/"},
    {"first.com", "/a/x.php", "first php"},
    {"first.com", "/x.PHP", "first /"},
    {"first.com", "/x.png", "first png"},
    {"first.com", "/final/x.php", "first ^~ /final"},
    {"first.com", "/final/inner/x.php", "first php"},
    {"first.com", "/case/x.php", "first php"},
    {"first.com", "/case/x", "first case"},
    {"first.com", "/proxied", "301"},
    {"first.com", "/both", "first = /both"},
    {"first.com", "/near", "first /near"},
    {"first.com", "/nearer", "first /near"},
    {"first.com", "/outer/x", "first /outer"},
    {"first.com", "/nest", "first /nest"},
    {"first.com", "/nest/in", "first /nest/in"},
    {"first.com", "/nest/inside", "first /nest/in"},
    {"first.com", "/nest/exact", "first = /nest/exact"},
    {"first.com", "/nest/x.php", "first nested php"},
    {"first.com", "/nest/final/x.php", "first php"},
    {"first.com", "/nest/x.png", "first png"},
    {"first.com", "/pattern/a", "first pattern"},
    {"first.com", "/pattern/b", "first pattern b"},
    {"FIRST.com", "/x", "first /"},
    {"first.com.", "/x", "first /"},
    {"first.com:8080", "/x", "first /"},
    {"unknown.org", "/", "default"},
    {"[::1]:80", "/", "default"},
    {"a.example.com", "/", "star example"},
    {"a.b.example.com", "/", "star example"},
    {"example.com", "/", "pattern"},
    {"a.long.example.com", "/", "long star"},
    {"long.example.com", "/", "star example"},
    {"www.exact.com", "/", "star example"},
    {"dot.com", "/", "long star"},
    {"a.dot.com", "/", "long star"},
    {"adot.com", "/", "default"},
    {"mail.example.com", "/", "tail"},
    {"www.tail.org", "/", "tail"},
    {"www.tail.co.uk", "/", "tail"},
    {"www.tail", "/", "default"},
    {"www.tail.longer.net", "/only", "last"},
    {"re12.com", "/", "pattern"},
    {"re1x", "/only", "last"},
    {"RE1.com", "/", "pattern"},
    {"only.server", "/", "404"},
    {"only.server", "/only/x", "last"},
};

}  // namespace firstfin::test
