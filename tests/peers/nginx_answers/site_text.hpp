#pragma once

#include <string_view>

namespace firstfin::test {

/// One server; LISTEN is its address, FOLDER holds html/, LOG is a file.
constexpr std::string_view site_text = R"(
    log_format all '$request_method|$uri|$args|$is_args|$request_uri|$request|$status|$body_bytes_sent|$bytes_sent|'
        '$http_user_agent|$http_x_a|$sent_http_content_type|$sent_http_content_length|$sent_http_location|'
        '$sent_http_connection|$sent_http_x_own|$host|$server_name|$server_protocol|$scheme|$remote_user|'
        '$request_completion|$pipe|$nginx_version|$content_length|$content_type|$limit_rate|$https|$cookie_c|$arg_a|'
        '$connection_requests|$document_uri|$request_length|$sent_http_etag|$sent_http_transfer_encoding';
    log_format js escape=json '{"a":"$http_x_a","b":"$http_none"}';
    log_format plain escape=none '$http_x_a $http_none ${status}s';
    server {
        listen LISTEN;
        server_name first.test .second.test;
        root FOLDER/html;
        access_log LOG all;
        access_log LOG js if=$arg_json;
        access_log LOG plain if=$arg_plain;
        keepalive_timeout 75 20;
        types { text/html html htm; image/gif gif; text/css css; }
        add_header X-Own "m=$request_method u=$uri";
        location / { }
        location = /exact { return 200 exact; }
        location /text { return 200 "hello $arg_a of $host\n"; }
        location /text.html { return 200 "<p>page</p>"; }
        location /empty { return 200; }
        location /nocontent { return 204; }
        location /nocontent2 { return 204 "text"; }
        location /notmodified { return 304; }
        location /created { return 201 made; }
        location /accepted { return 202 "a"; }
        location /r301 { return 301 /else?b=$arg_a; }
        location /r302 { return 302 http://other.test/x; }
        location /r303 { return 303 relative; }
        location /r307 { return 307 /x; }
        location /r308 { return 308 https://$host$request_uri; }
        location /url { return http://u.test/; }
        location /e400 { return 400; }
        location /e401 { return 401; }
        location /e403 { return 403; }
        location /e404 { return 404; }
        location /e404t { return 404 "none\n"; }
        location /e413 { return 413; }
        location /e418 { return 418; }
        location /e429 { return 429; }
        location /e444 { return 444; }
        location /e408 { return 408; }
        location /e499 { return 499; }
        location /e494 { return 494; }
        location /e497 { return 497; }
        location /e498 { return 498; }
        location /e500 { return 500; }
        location /e500t { return 500 "x"; }
        location /e501 { return 501; }
        location /e502 { return 502; }
        location /e503 { return 503; }
        location /e505 { return 505; }
        location /e507 { return 507; }
        location /e599 { return 599; }
        location /e299 { return 299 x; }
        location /always { add_header X-Always yes always; add_header X-Not no; return 404; }
        location /kept/ { add_header ETag '"mine"'; add_header Last-Modified ""; add_header X-Empty ""; alias FOLDER/html/; }
        location /dated/ { add_header Last-Modified "Sun, 06 Nov 1994 08:49:37 GMT"; alias FOLDER/html/; }
        location /vars { add_header X-V "$request_method $status $sent_http_content_type $sent_http_content_length $connection_requests $server_protocol $http_x_a $cookie_c $uri$is_args$args" always; return 200 ok; }
        location /al/ { alias FOLDER/html/sub/; }
        location /al2 { alias FOLDER/html/sub; }
        location ~ \.one$ { alias FOLDER/html/a.txt; }
        location /noindex/ { index none.html; }
        location /lists/ { index none.html index.$arg_a.html a.txt /text; alias FOLDER/html/sub/; }
        location /only/ { index /text; }
        location /post { }
        location /tokens { server_tokens off; location /tokens/e { return 404; } location /tokens/t { return 200 t; } }
        location /zero { keepalive_timeout 0; return 200 z; }
        location /nohint { keepalive_timeout 30 0; return 200 z; }
        location /one { keepalive_requests 1; return 200 z; }
        location /ssi/ { ssi on; alias FOLDER/html/; }
        location /ssi/t.html { ssi on; return 200 "text"; }
        location /ssi/e.html { ssi on; return 404; }
        location /ssioff/ { ssi on; chunked_transfer_encoding off; alias FOLDER/html/; }
        location /etagoff/ { etag off; alias FOLDER/html/; }
        location /small { client_max_body_size 10; return 200 took; }
        location /small/f { client_max_body_size 10; }
        location /internal { internal; return 200 in; }
        location /in/ { internal; error_page 404 /text; }
        location /ep/ { error_page 404 /a.txt; error_page 403 =200 /a.txt; error_page 500 = /text; error_page 502 /gone;
            error_page 503 @named; error_page 401 http://login.test/; error_page 405 =301 /moved; error_page 400 =201 /text;
            error_page 410 @none; error_page 504 =303 http://login.test/$uri; error_page 429 /text?a=$arg_a; error_page 301 /text;
            error_page 494 /text; error_page 416 /a.txt; error_page 412 /text; error_page 413 /text;
            location /ep/403 { return 403; } location /ep/500 { return 500; } location /ep/502 { return 502; }
            location /ep/503 { return 503; } location /ep/401 { return 401; } location /ep/405 { return 405; }
            location /ep/400 { return 400; } location /ep/410 { return 410; } location /ep/504 { return 504; }
            location /ep/429 { return 429; } location /ep/301 { return 301 /q; } location /ep/494 { return 494; }
            location /ep/f/ { alias FOLDER/html/; } location /ep/413 { client_max_body_size 3; return 200 x; } }
        location @named { add_header X-Named yes always; return 200 "named $uri"; }
        location /gone { return 410; }
        location /recursive { recursive_error_pages on; error_page 404 /recursive/b; return 404;
            location /recursive/b { recursive_error_pages on; error_page 403 /text; return 403; } }
        location /cycle { recursive_error_pages on; error_page 404 /cycle; return 404; }
        location /loop { index none; try_files /none /loop; }
        location /try/ { try_files $uri $uri/ /text?a=tried; }
        location /try404/ { try_files $uri =404; }
        location /trynamed/ { try_files $uri $uri/index.html @named; }
        location /tryfile { try_files /a.txt =500; }
        location /trydir/ { try_files /none /sub/ =404; }
        location /tryalias/ { alias FOLDER/html/sub/; try_files $uri $uri/ =404; }
        location /tryargs { try_files /none /text$is_args$args; }
        location /relative { absolute_redirect off; return 302 /rel; }
        location /relative/d { absolute_redirect off; alias FOLDER/html/sub; }
        location /named_redirect { server_name_in_redirect on; return 302 /rel; }
        location /rate { limit_rate $arg_a; return 200 r; }
        location /ext.gif { return 200 g; }
        location /type { default_type application/x-own; return 200 g; }
        location /nopad { msie_padding off; return 404; }
        location /disable { keepalive_disable safari; return 200 d; }
        location ^~ /final { return 200 final; location ~ x { return 200 final-x; } }
        location ~ /re(x+)p { return 200 re; }
        location ~* \.PHP$ { return 200 php; }
        location /esc/ { default_type text/plain; }
    }
)";

}  // namespace firstfin::test
