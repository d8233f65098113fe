#include "tests/peers/nginx_requests/raw_requests.hpp"

#include <fmt/format.h>

#include <string_view>

namespace firstfin::test {

namespace {

using namespace std::string_literals;

const auto next = "GET /next HTTP/1.1\r\nHost: next\r\n\r\n"s;

class collection {
public:
    void raw(std::string name, std::string bytes) { all_.push_back({std::move(name), std::move(bytes)}); }
    /// A good header behind the line, and a request behind that: it is answered if the connection was kept.
    void line(const std::string& line) { raw("line: " + line, line + "\r\nHost: a.test\r\n\r\n" + next); }
    void target(const std::string& target) { line("GET " + target + " HTTP/1.1"); }
    void host(const std::string& host) { raw("host: " + host, "GET / HTTP/1.1\r\nHost:" + host + "\r\n\r\n" + next); }
    /// Lines behind a good Host.
    void headers(const std::string& lines) {
        raw("headers: " + lines, "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n" + next);
    }
    void old(const std::string& lines) {
        raw("1.0: " + lines, "GET / HTTP/1.0\r\n" + lines + (lines.empty() ? "" : "\r\n") + "\r\n" + next);
    }
    void post(const std::string& lines, const std::string& body) {
        raw("post: " + lines + " " + body.substr(0, 60), "POST /p HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n\r\n" + body);
    }
    void chunks(const std::string& body) { post("Transfer-Encoding: chunked", body + next); }
    std::vector<raw_request> all_;
};

void add_lines(collection& to) {
    for (const auto* one : {"GET / HTTP/1.1",
                            "HEAD / HTTP/1.1",
                            "POST / HTTP/1.1",
                            "PUT /x HTTP/1.1",
                            "DELETE /x HTTP/1.1",
                            "OPTIONS / HTTP/1.1",
                            "OPTIONS * HTTP/1.1",
                            "PATCH / HTTP/1.1",
                            "MKCOL / HTTP/1.1",
                            "PROPFIND / HTTP/1.1",
                            "PROPPATCH / HTTP/1.1",
                            "LOCK / HTTP/1.1",
                            "UNLOCK / HTTP/1.1",
                            "COPY / HTTP/1.1",
                            "MOVE / HTTP/1.1",
                            "TRACE / HTTP/1.1",
                            "CONNECT / HTTP/1.1",
                            "CONNECT a.test:443 HTTP/1.1",
                            "FOO / HTTP/1.1",
                            "FOO-BAR_ / HTTP/1.1",
                            "_ / HTTP/1.1",
                            "- / HTTP/1.1",
                            "get / HTTP/1.1",
                            "Get / HTTP/1.1",
                            "GET1 / HTTP/1.1",
                            "GET\t/ HTTP/1.1",
                            " GET / HTTP/1.1",
                            "GET  / HTTP/1.1",
                            "GET /  HTTP/1.1",
                            "GET / HTTP/1.1 ",
                            "GET / HTTP/1.1   ",
                            "GET / HTTP/1.1 x",
                            "GET / HTTP/1.1\t",
                            "GET / HTTP/1.0",
                            "GET / HTTP/1.2",
                            "GET / HTTP/1.9",
                            "GET / HTTP/1.10",
                            "GET / HTTP/1.99",
                            "GET / HTTP/1.999",
                            "GET / HTTP/1.1000",
                            "GET / HTTP/1.00",
                            "GET / HTTP/1.01",
                            "GET / HTTP/01.1",
                            "GET / HTTP/0.9",
                            "GET / HTTP/2.0",
                            "GET / HTTP/2",
                            "GET / HTTP/3.1",
                            "GET / HTTP/9.1",
                            "GET / HTTP/10.1",
                            "GET / HTTP/11.0",
                            "GET / HTTP/1",
                            "GET / HTTP/1.",
                            "GET / HTTP/1.x",
                            "GET / HTTP/.1",
                            "GET / HTTP/",
                            "GET / HTTP",
                            "GET / http/1.1",
                            "GET / HTTPS/1.1",
                            "GET / FTP/1.1",
                            "GET",
                            "GET ",
                            "GET HTTP/1.1",
                            "GET  HTTP/1.1",
                            "GET /a b HTTP/1.1",
                            "GET / / HTTP/1.1",
                            "GET /\x80\xff HTTP/1.1",
                            "GET /\x7f HTTP/1.1",
                            "GET /a\x7f HTTP/1.1",
                            "GET /?\x7f HTTP/1.1",
                            "GET /\x01 HTTP/1.1",
                            "GET /a\tb HTTP/1.1",
                            "GET *",
                            "GET x",
                            "1",
                            "\x16\x03\x01",
                            "PRI * HTTP/2.0"}) {
        to.line(one);
    }
    to.raw("NUL in method", "G\0T / HTTP/1.1\r\n\r\n"s);
    to.raw("NUL in target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s);
    to.raw("0.9", "GET /\r\n");
    to.raw("0.9 with LF", "GET /a?b\n");
    to.raw("0.9 with blanks", "GET /a   \r\n");
    to.raw("0.9 with more", "GET /a\r\n" + next);
    to.raw("0.9 POST", "POST /a\r\n");
    to.raw("0.9 HEAD", "HEAD /a\r\n");
    to.raw("0.9 unread path", "GET /%41//b\r\n");
    to.raw("0.9 absolute", "GET http://b.test/x\r\n");
    to.raw("0.9 CR alone", "GET /a\rGET");
    to.raw("LF line ends", "GET /lf HTTP/1.1\nHost: a\nX-Test: 1\n\n" + next);
    to.raw("mixed line ends", "GET /lf HTTP/1.1\r\nHost: a\nX-Test: 1\r\n\n" + next);
    to.raw("CR in line", "GET / HTTP/1.1\rHost: a\r\n\r\n");
    to.raw("two CRs behind line", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n");
    to.raw("empty lines first", "\r\n\r\n\n\r\rGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\n\r\n" + next);
    to.raw("only empty lines", "\r\n\r\n");
    to.raw("nothing", "");
    to.raw("half a line", "GET /half");
    to.raw("half a header", "GET /half HTTP/1.1\r\nHost: a\r\nX-Te");
    to.raw("header without end", "GET /half HTTP/1.1\r\nHost: a\r\n");
    to.raw("bad byte in half a line", "GET /half\x01");
    to.raw("bad byte in half a header", "GET /half HTTP/1.1\r\nHo st");
}

void add_targets(collection& to) {
    for (const auto* one : {"/",
                            "/a",
                            "/a/b",
                            "/a/b/",
                            "/?",
                            "/?x",
                            "/a?x=1&y=2",
                            "/a?x?y",
                            "/a??",
                            "/a?/../b",
                            "/a?%41",
                            "/a?a#b",
                            "/a#b",
                            "/#",
                            "/a#b?c",
                            "/a?#",
                            "/a%23b",
                            "/a%3fb",
                            "/a%3Fb?c",
                            "/a%25b",
                            "/a%2541",
                            "/%41",
                            "/%4a%4A",
                            "/a%20b",
                            "/a%0ab",
                            "/a%00b",
                            "/%",
                            "/%4",
                            "/%4x",
                            "/%x4",
                            "/a%",
                            "/a%zz?b",
                            "/a?%zz",
                            "/a%2fb",
                            "/a%2Fb",
                            "/a%2f%2fb",
                            "/a%2f..%2fb",
                            "/a/%2e%2e/b",
                            "/a/%2E./b",
                            "/a/.%2e",
                            "/%2e%2e/",
                            "//",
                            "//a",
                            "/a//b",
                            "/a///b//",
                            "/./",
                            "/.",
                            "/a/.",
                            "/a/./b",
                            "/a/..",
                            "/a/../",
                            "/a/../b",
                            "/a/b/../../c",
                            "/a/b/../..",
                            "/..",
                            "/../",
                            "/../a",
                            "/a/../..",
                            "/a/../../b",
                            "/a/b/..?x",
                            "/a/.?x",
                            "/..?x",
                            "/a/..#x",
                            "/a/.#x",
                            "/...",
                            "/a/...",
                            "/a/.../b",
                            "/..a",
                            "/a/..b/c",
                            "/.a",
                            "/a./b",
                            "/a../b",
                            "/a/.../..",
                            "//..",
                            "/a//..",
                            "/a//../b",
                            "/a/.//b",
                            "/+",
                            "/a+b",
                            "/+./x",
                            "/+/../y",
                            "/a%2bb",
                            "/a+%41",
                            "/a;b=c",
                            "/a\\b",
                            "/a\\..\\b",
                            "/~a",
                            "/a'\"<>|^`{}",
                            "/%c3%a4",
                            "/a%09b",
                            "/a%7fb",
                            "/a%2f",
                            "/a%2e",
                            "/a/%2e",
                            "/a/%2e%2e",
                            "/a/%2e%2e?x",
                            "/%2f..",
                            "/%2f%2e%2e%2fa",
                            "/a:b",
                            "/a//?x",
                            "/a?x//y/./z",
                            "/index.html",
                            "http://b.test/",
                            "http://b.test",
                            "http://b.test?x",
                            "http://b.test/?x",
                            "http://b.test/a/../b",
                            "http://b.test:80/",
                            "http://b.test:80",
                            "http://b.test:80?x",
                            "http://b.test:/",
                            "http://b.test:x/",
                            "http://b.test#x",
                            "http://b.test/#x",
                            "HTTP://B.TEST/x",
                            "https://b.test/x",
                            "ftp://b.test/x",
                            "a+b-c.1://b.test/x",
                            "1http://b.test/",
                            "http:/b.test/",
                            "http//b.test/",
                            "http:b.test",
                            "http://",
                            "http:///x",
                            "http://?x",
                            "http://:80/",
                            "http://b_c/",
                            "http://a@b/",
                            "http://b.test./x",
                            "http://b..test/x",
                            "http://.b/",
                            "http://./",
                            "http://[::1]/x",
                            "http://[::1]:80/x",
                            "http://[::1]x/",
                            "http://[::1",
                            "http://[v1.a:b!$&'()*+,;=~_-]/",
                            "http://[]/",
                            "http://[%41]/",
                            "http://b.test//x",
                            "http://b.test/%41",
                            "http://b.test/..",
                            "x",
                            "*",
                            "?x",
                            "#",
                            "a/b",
                            "../a",
                            "%2f"}) {
        to.target(one);
    }
}

void add_hosts(collection& to) {
    for (const auto* one :
         {"a",     " a",       "   a  ",  " a.test",    " A.Test",     " a.test.",  " a.test..", " .",
          " ..",   " .a",      " a..b",   " a.test:80", " a.test.:80", " a:",       " :",        " :80",
          " a:b",  " a:80:90", " a:x..y", " a:80/",     " [::1]",      " [::1]:80", " [::1",     " []",
          " [a].", " ]",       " a]",     " a[b",       " a/b",        " /",        " a b",      " a\tb",
          "\ta",   " a\t",     " a@b",    " a_b",       " a%41",       " a,b",      " \x80",     " a\x7f",
          "",      " ",        " a\\b",   " a?b",       " \"a\"",      " *"}) {
        to.host(one);
    }
    to.raw("no Host", "GET / HTTP/1.1\r\n\r\n" + next);
    to.raw("no Host but others", "GET / HTTP/1.1\r\nX-Test: 1\r\nContent-Length: x\r\n\r\n" + next);
    to.raw("no Host in 1.2", "GET / HTTP/1.2\r\n\r\n" + next);
    to.raw("no Host in 1.0", "GET / HTTP/1.0\r\n\r\n" + next);
    to.raw("no Host but in the target", "GET http://b/ HTTP/1.1\r\n\r\n" + next);
    to.raw("no Host but in the target, 1.0", "GET http://b/ HTTP/1.0\r\n\r\n" + next);
    to.raw("another Host than the target's", "GET http://b/ HTTP/1.1\r\nHost: c\r\n\r\n" + next);
    to.raw("a bad Host beside the target's", "GET http://b/ HTTP/1.1\r\nHost: c..d\r\n\r\n" + next);
    to.raw("Host without colon", "GET / HTTP/1.1\r\nHost\r\n\r\n" + next);
    to.headers("Host: a");
    to.headers("hOST: b");
    to.old("Host: a\r\nHost: a");
    to.old("Host: a..b");
}

void add_headers(collection& to) {
    for (const auto* one :
         {"X-Test: 1", "x-test:1", "X-TEST:   two  words   ", "X-Test:\tt", "X-Test: t\t", "X-Test: \t t \t ",
          "X-Test:", "X-Test: ", "X-Test", "X-Test:a:b", "X-Test: a\x01\x7f\x80z", "X-Test : 1", "X-Test\t: 1",
          " X-Test: 1", "\tX-Test: 1", "X-Test: 1\r\n folded", "X-Test: 1\r\n\tfolded", ": 1", ":", "X Test: 1",
          "X_Other: 1", "_: 1", "X@Test: 1", "(: 1", "\x80: 1", "X\x80: 1", "X\x7f: 1", "\x01: 1", "X\x01: 1",
          "X-Test: 1\r2", "X-Test: 1\r\r", "X-Test: 1\r \r", "X-Test\r", "X-Test\rY: 1", "X-Test: 1\r\n\r", "{}: 1",
          "\"X\": 1", "X/Y: 1", "HTTP/1.1 200 OK", "X-Test: 1\nY: 2", "0: 1", "-: 1", "Ho_st: b", "Host_: b",
          "Content_Length: 5", "Transfer_Encoding: chunked",
          // the connection
          "Connection: close", "Connection: CLOSE", "Connection: foo, close", "Connection: foo, CLOSE",
          "Connection: disclosed", "Connection: keep-alive", "Connection: Keep-Alive", "Connection: close, keep-alive",
          "Connection: keep-alive, close", "Connection: close\r\nConnection: keep-alive",
          "Connection: keep-alive\r\nConnection: close", "Connection: close\r\nConnection: upgrade",
          "Connection:", "Connection: clos", "Connection: cclose", "Connection: clclose", "connection:close",
          "Connection: Upgrade", "Proxy-Connection: close", "Keep-Alive: timeout=5", "Connection: keepalive",
          "Connection: clo\tse", "Con_nection: close", "Connection\r\nX-Test: 1",
          "Connection: \x80"
          "close",
          // what may come once
          "Content-Length: 0", "Content-Length: 0\r\nContent-Length: 0", "Expect: x\r\nExpect: x",
          "If-Match: a\r\nIf-Match: a", "If-None-Match: a\r\nif-none-match: b", "If-Range: a\r\nIf-Range: a",
          "Content-Range: a\r\nContent-Range: a", "If-Modified-Since: a\r\nIf-Modified-Since: a",
          "If-Unmodified-Since: a\r\nIf-Unmodified-Since: a", "Authorization: a\r\nAuthorization: a",
          "User-Agent: a\r\nUser-Agent: a", "Range: a\r\nRange: a", "Cookie: a\r\nCookie: b",
          "Referer: a\r\nReferer: a", "Accept: a\r\nAccept: a", "Via: a\r\nVia: a", "TE: a\r\nTE: a",
          "Upgrade: a\r\nUpgrade: b", "Content-Type: a\r\nContent-Type: b",
          // lengths that are none
          "Content-Length:", "Content-Length", "Content-Length: x", "Content-Length: -1", "Content-Length: +1",
          "Content-Length: 1x", "Content-Length: 1 1", "Content-Length: 1,1", "Content-Length: 0x1",
          "Content-Length: 00", "Content-Length: 9223372036854775808", "Content-Length: 99999999999999999999",
          "Content-Length: 0\t",
          // codings that are none
          "Transfer-Encoding: gzip", "Transfer-Encoding: identity", "Transfer-Encoding: gzip, chunked",
          "Transfer-Encoding: chunked, chunked", "Transfer-Encoding:", "Transfer-Encoding: chunked\t",
          "Transfer-Encoding: \tchunked", "Transfer-Encoding: x\r\nTransfer-Encoding: x", "Expect: 100-continue",
          "Expect: 100-Continue", "Expect: 200-ok", "Expect: 100-continue, x", "Expect:"}) {
        to.headers(one);
    }
    to.raw("NUL in name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: 1\r\n\r\n"s);
    to.raw("NUL in value", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\0"s);
    to.raw("NUL before value", "GET / HTTP/1.1\r\nHost: a\r\nX:\0"s);
    to.raw("NUL behind blank", "GET / HTTP/1.1\r\nHost: a\r\nX: a \0"s);
    to.raw("bad end of header", "GET / HTTP/1.1\r\nHost: a\r\n\rX");
    to.raw("two CRs at the end", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n");
    for (const auto* one :
         {"", "Connection: keep-alive", "Connection: close", "Connection: Keep-Alive, x", "Connection: x",
          "Host: a\r\nConnection: keep-alive", "Expect: 100-continue", "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip", "Content-Length: 0\r\nTransfer-Encoding: chunked",
          "Content-Length: 0\r\nConnection: keep-alive", "X-Test: 1\r\nConnection: keep-alive"}) {
        to.old(one);
    }
}

void add_bodies(collection& to) {
    to.post("Content-Length: 5", "12345" + next);
    to.post("Content-Length: 5\r\nConnection: close", "12345" + next);
    to.post("Content-Length: 5", "123");
    to.post("Content-Length: 5", "");
    to.post("Content-Length: 0", next);
    to.post("Content-Length: 3000", std::string(3000, 'x') + next);
    to.post("Content-Length: 1048576\r\nExpect: 100-continue", "x");
    to.post("Content-Length: 1048577\r\nExpect: 100-continue", "x");
    to.post("Content-Length: 9223372036854775807", "x");
    to.post("Content-Length: 5\r\nExpect: 100-continue", "12345" + next);
    to.post("Content-Length: 5\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + next);
    to.post("Transfer-Encoding: chunked\r\nContent-Length: 5", "0\r\n\r\n" + next);
    to.post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + next);
    to.post("Transfer-Encoding: CHUNKED", "0\r\n\r\n" + next);
    to.post("transfer-encoding:chunked\r\nExpect: 100-continue", "0\r\n\r\n" + next);
    to.raw("1.0 POST with length", "POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nab" + next);
    to.raw("GET with a body", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab" + next);
    to.raw("HEAD with a body", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab" + next);
    to.raw("TRACE with a body", "TRACE / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab" + next);
    to.raw("HEAD in a bad line", "HEAD / HTTP/1.x\r\n\r\n");
    to.raw("HEAD in another bad line", "HEAD  \r\n\r\n");
    to.raw("HEAD alone", "HEAD\r\n\r\n");
    to.raw("HEAD too long", "HEAD /" + std::string(9000, 'a'));
    to.raw("HEAD without Host", "HEAD / HTTP/1.1\r\n\r\n");
    for (const auto& one : {"0\r\n\r\n"s,
                            "5\r\n12345\r\n0\r\n\r\n"s,
                            "5\n12345\n0\n\n"s,
                            "5\r\n12345\n0\r\n\n"s,
                            "a\r\n0123456789\r\n0\r\n\r\n"s,
                            "A\r\n0123456789\r\n0\r\n\r\n"s,
                            "000\r\n\r\n"s,
                            "0005\r\n12345\r\n0\r\n\r\n"s,
                            "5;x=y\r\n12345\r\n0\r\n\r\n"s,
                            "5 \r\n12345\r\n0\r\n\r\n"s,
                            "5\t;\r\n12345\r\n0 x\r\n\r\n"s,
                            "5;\n12345\r\n0;\n\r\n"s,
                            "0\r\nX: y\r\n\r\n"s,
                            "0\r\nX: y\nZ\r\n\r\n"s,
                            "0\r\nX: y\r\nanything\x01\r\n\r\n"s,
                            "0\nX\n\n"s,
                            "x\r\n"s,
                            "\r\n0\r\n\r\n"s,
                            " 5\r\n12345\r\n0\r\n\r\n"s,
                            "-1\r\n"s,
                            "+5\r\n12345\r\n"s,
                            "0x5\r\n12345\r\n"s,
                            "5x\r\n12345\r\n"s,
                            "5\r12345\r\n0\r\n\r\n"s,
                            "5\r\n123456\r\n0\r\n\r\n"s,
                            "5\r\n12345\rx"s,
                            "5\r\n1234"s,
                            "5"s,
                            "5\r\n12345"s,
                            "0\r\n"s,
                            "0\r\nX"s,
                            "0\r\n\rX"s,
                            "0\r\nX\rY"s,
                            "0\r\rx"s,
                            "5;x\ry\r\n"s,
                            "ffffffffffffffff\r\n"s,
                            "7fffffffffffffff\r\n"s,
                            "7ffffffffffffff\r\nx"s,
                            "800000000000000\r\nx"s,
                            "00000000000000000000000000000005\r\n12345\r\n0\r\n\r\n"s,
                            "g\r\n"s,
                            "5\0\r\n12345"s,
                            "200000\r\nxyz"s,
                            "5\r\n12345\r\n5\r\n12345\r\n0\r\n\r\n"s,
                            "0;\x01\r\n\r\n"s}) {
        to.chunks(one);
    }
}

void add_sizes(collection& to) {
    const auto sized = [&](const std::string& name, std::size_t target, std::size_t header, std::size_t count = 1) {
        std::string bytes = "GET /" + std::string(target, 'a') + " HTTP/1.1\r\nHost: a\r\n";
        for (std::size_t at = 0; at != count; ++at)
            bytes += "X-Long: " + std::string(header, 'b') + "\r\n";
        to.raw(fmt::format("{}: target {} header {} x {}", name, target, header, count), bytes + "\r\n" + next);
    };
    for (const auto around :
         {std::size_t{256}, std::size_t{512}, std::size_t{1024}, std::size_t{8192}, std::size_t{9216}}) {
        for (std::size_t less = 0; less <= 24; less += 1) {
            sized("line", around - less, 1);
            sized("header", 1, around - less);
        }
    }
    for (const std::size_t less : {60U, 40U, 30U, 20U, 10U, 0U}) {
        sized("both", 1024 - less, 8192 - less);
        sized("both", 8192 - less, 8192 - less);
        sized("many", 1, 8180 - less, 3);
        sized("many", 1, 8180 - less, 4);
        sized("many", 1, 8180 - less, 5);
        sized("many", 8100, 8180 - less, 3);
        sized("many", 1000, 4060 - less, 7);
        sized("many", 1000, 4060 - less, 8);
        sized("many", 1, 200 - less, 3);
        sized("many", 1, 200 - less, 4);
        sized("many", 1, 230 - less, 5);
        sized("many", 1, 490 - less, 2);
        sized("many", 1, 490 - less, 3);
    }
    sized("small ones", 1, 20, 900);
    sized("small ones", 1, 20, 999);
    sized("small ones", 1, 20, 1000);
    sized("tiny ones", 1, 1, 999);
    sized("tiny ones", 1, 1, 1000);
    sized("small ones", 1, 20, 1100);
    sized("small ones", 1, 20, 1200);
    sized("huge", 40000, 1);
    sized("huge", 1, 40000);
    to.raw("a long line without an end", "GET /" + std::string(8187, 'a'));
    to.raw("a longer line without an end", "GET /" + std::string(8188, 'a'));
    to.raw("a long line of 0.9", "GET /" + std::string(8184, 'a') + "\r\n");
    to.raw("a longer line of 0.9", "GET /" + std::string(8190, 'a') + "\r\n");
    to.raw("a bad byte behind what fits", "GET /" + std::string(8190, 'a') + "\x01");
    to.raw("a long header line without an end", "GET / HTTP/1.1\r\nX: " + std::string(8188, 'a'));
    to.raw("a longer header line without an end", "GET / HTTP/1.1\r\nX: " + std::string(8189, 'a'));
    for (const std::size_t ends : {1000U, 1022U, 1023U, 1024U, 1025U, 5000U}) {
        to.raw(fmt::format("{} line ends first", ends), std::string(ends, '\n') + next);
        to.raw(fmt::format("{} line ends first, then a long line", ends),
               std::string(ends, '\r') + "GET /" + std::string(8170, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n" + next);
    }
    to.raw("a long method", std::string(3000, 'M') + " / HTTP/1.1\r\nHost: a\r\n\r\n" + next);
    to.raw("a long method without an end", std::string(9000, 'M'));
}

void add_browsers(collection& to) {
    for (const auto* agent :
         {"Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1)",
          "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1; SV1)", "Mozilla/4.0 (compatible; MSIE 5.5; Windows 98)",
          "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 6.0)",
          "Mozilla/4.0 (compatible; MSIE 6.0; Windows NT 5.1) Opera 8", "MSIE 6.", "MSIE 6.0", "MSIE 60", "MSIE 4.x",
          "msie 6.0",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 "
          "Safari/605.1.15",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 "
          "Safari/537.36",
          "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Gecko/20100101 Safari/1", "Mac OS X Safari/",
          "Safari/ on Linux", "MSIE 7.0 Mac OS X Safari/", "Opera Mac OS X Safari/"}) {
        to.headers("User-Agent: "s + agent);
        to.post("Content-Length: 0\r\nUser-Agent: "s + agent, next);
    }
    to.post("Content-Length: 0\r\nUser-Agent: a\r\nUser-Agent: MSIE 6.0", next);
    to.post("Content-Length: 0\r\nUser-Agent: MSIE 6.0\r\nUser-Agent: a\r\nConnection: keep-alive", next);
}

}  // namespace

std::vector<raw_request> raw_requests() {
    collection all;
    add_lines(all);
    add_targets(all);
    add_hosts(all);
    add_headers(all);
    add_bodies(all);
    add_sizes(all);
    add_browsers(all);
    all.raw("three at once", next + next + next);
    all.raw("close in the middle", next + "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n" + next);
    all.raw("good, then bad", next + "GET / HTTP/2.0\r\n\r\n" + next);
    return std::move(all.all_);
}

}  // namespace firstfin::test
