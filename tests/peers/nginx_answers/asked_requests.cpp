#include "tests/peers/nginx_answers/asked_requests.hpp"

#include <fmt/format.h>

namespace firstfin::test {

namespace {

using namespace std::string_literals;

const auto next = "GET /empty HTTP/1.1\r\nHost: next\r\n\r\n"s;

class collection {
public:
    void raw(std::string name, std::string bytes) { all_.push_back({std::move(name), std::move(bytes)}); }
    /// A request and one more behind it: it is answered if the connection was kept.
    void ask(const std::string& method, const std::string& target, const std::string& lines = "",
             const std::string& body = "") {
        raw(fmt::format("{} {} {}", method, target, lines.substr(0, 50)),
            fmt::format("{} {} HTTP/1.1\r\nHost: first.test\r\n{}\r\n{}{}", method, target, lines, body, next));
    }
    void get(const std::string& target, const std::string& lines = "") { ask("GET", target, lines); }
    void old(const std::string& target, const std::string& lines = "") {
        raw("1.0 " + target + lines,
            fmt::format("GET {} HTTP/1.0\r\nHost: a.second.test\r\n{}\r\n{}", target, lines, next));
    }
    void oldest(const std::string& target) { raw("0.9 " + target, fmt::format("GET {}\r\n", target)); }
    std::vector<asked_request> all_;
};

const std::vector<std::string>& targets() {
    static const std::vector<std::string> all{
        "/",
        "/index.html",
        "/a.txt",
        "/exact",
        "/exact/",
        "/text",
        "/text?a=1&b=2",
        "/text.html",
        "/empty",
        "/nocontent",
        "/nocontent2",
        "/notmodified",
        "/created",
        "/accepted",
        "/r301?a=9",
        "/r302",
        "/r303",
        "/r307",
        "/r308?x",
        "/url",
        "/e400",
        "/e401",
        "/e403",
        "/e404",
        "/e404t",
        "/e413",
        "/e418",
        "/e429",
        "/e444",
        "/e408",
        "/e499",
        "/e494",
        "/e497",
        "/e498",
        "/e500",
        "/e500t",
        "/e501",
        "/e502",
        "/e503",
        "/e505",
        "/e507",
        "/e599",
        "/e299",
        "/always",
        "/kept/a.txt",
        "/dated/a.txt",
        "/vars?q=1",
        "/al/b.txt",
        "/al/",
        "/al",
        "/al2",
        "/al2/b.txt",
        "/x.one",
        "/noindex/",
        "/noindex",
        "/lists/",
        "/lists/?a=x",
        "/only/",
        "/none.txt",
        "/sub",
        "/sub/",
        "/sub?x=1",
        "/sub/b.txt",
        "/dir",
        "/dir/",
        "/sp%20ace",
        "/sp%20ace/",
        "/o%22%3C%3E%5C%5E%60%7B%7C%7D%25%23%3Fdd",
        "/caf%C3%A9",
        "/a.txt/",
        "/a.txt/x",
        "/closed",
        "/closed/x",
        "/locked.txt",
        "/big.bin",
        "/empty.html",
        "/page.html",
        "/.hidden",
        "/x.GIF",
        "/pipe",
        "/tokens/e",
        "/tokens/t",
        "/zero",
        "/nohint",
        "/one",
        "/ssi/page.html",
        "/ssi/a.txt",
        "/ssi/empty.html",
        "/ssi/t.html",
        "/ssi/e.html",
        "/ssioff/page.html",
        "/etagoff/a.txt",
        "/internal",
        "/in/x",
        "/ep/none",
        "/ep/403",
        "/ep/500",
        "/ep/502",
        "/ep/503",
        "/ep/401",
        "/ep/405",
        "/ep/400",
        "/ep/410",
        "/ep/504",
        "/ep/429?a=7",
        "/ep/301",
        "/ep/494",
        "/recursive",
        "/cycle",
        "/loop",
        "/try/x",
        "/try/",
        "/try404/x",
        "/trynamed/x",
        "/tryfile",
        "/trydir/x",
        "/tryalias/b.txt",
        "/tryalias/",
        "/tryalias/none",
        "/tryargs?a=2",
        "/relative",
        "/relative/d",
        "/named_redirect",
        "/rate?a=50k",
        "/rate?a=1m",
        "/rate?a=x",
        "/ext.gif",
        "/type",
        "/final",
        "/finalx",
        "/rexxp",
        "/a.php",
        "/a.PHP",
        "/esc/%22x%5C",
        "/text?json=1",
        "/text?plain=1&json=0",
        "/../x",
        "/./a.txt",
        "//a.txt",
        "/sub/../a.txt",
        "/%2e%2e/a.txt",
        "/sub/..%2f..%2f..%2fetc/passwd",
        "/a.txt?",
        "/text?",
        "http://abs.test/text",
        "/sub/deep",
        "/sub/deep/",
        "/link.txt",
        "/linkdir",
        "/" + std::string(300, 'n'),
    };
    return all;
}

void add_conditions(collection& to) {
    constexpr auto date = "Mon, 01 Jan 2024 00:00:00 GMT";
    constexpr auto tag = "\"6592008000-3e8\"";
    (void)tag;
    for (const auto* target :
         {"/a.txt", "/text", "/ssi/page.html", "/kept/a.txt", "/none.txt", "/ep/f/a.txt", "/etagoff/a.txt"}) {
        for (const std::string& line : std::vector<std::string>{
                 fmt::format("If-Modified-Since: {}\r\n", date),
                 "If-Modified-Since: Tue, 02 Jan 2024 00:00:00 GMT\r\n",
                 "If-Modified-Since: Monday, 01-Jan-24 00:00:00 GMT\r\n",
                 "If-Modified-Since: Mon Jan  1 00:00:00 2024\r\n",
                 "If-Modified-Since: rubbish\r\n",
                 "If-None-Match: \"65920080-6\"\r\n",
                 "If-None-Match: W/\"65920080-6\"\r\n",
                 "If-None-Match: \"x\", \"65920080-6\"\r\n",
                 "If-None-Match: \"x\" , W/\"65920080-6\" , \"z\"\r\n",
                 "If-None-Match: *\r\n",
                 "If-None-Match: \"y\"\r\n",
                 "If-None-Match: \"y\"\r\nIf-Modified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\n",
                 "If-None-Match: \"65920080-6\"\r\nIf-Modified-Since: Mon, 01 Jan 2023 00:00:00 GMT\r\n",
                 "If-Match: \"65920080-6\"\r\n",
                 "If-Match: W/\"65920080-6\"\r\n",
                 "If-Match: \"y\"\r\n",
                 "If-Match: *\r\n",
                 "If-Unmodified-Since: Mon, 01 Jan 2024 00:00:00 GMT\r\n",
                 "If-Unmodified-Since: Sun, 31 Dec 2023 00:00:00 GMT\r\n",
                 "If-Unmodified-Since: rubbish\r\n",
             })
            to.get(target, line);
    }
    to.ask("HEAD", "/a.txt", "If-None-Match: *\r\n");
    to.ask("HEAD", "/a.txt", "If-Match: \"y\"\r\n");
}

void add_ranges(collection& to) {
    for (const auto* target :
         {"/a.txt", "/big.bin", "/text", "/empty.html", "/ep/f/a.txt", "/kept/a.txt", "/ssi/page.html"})
        for (const auto* range : {"bytes=0-",
                                  "bytes=0-0",
                                  "bytes=1-3",
                                  "bytes=-1",
                                  "bytes=-0",
                                  "bytes=-100",
                                  "bytes=5-",
                                  "bytes=6-",
                                  "bytes=100-200",
                                  "bytes=0-100",
                                  "bytes=3-1",
                                  "bytes=",
                                  "bytes=-",
                                  "bytes=x",
                                  "bytes=1-x",
                                  "bytes=1",
                                  "bytes= 1 - 2 ",
                                  "bytes=0-1,3-4",
                                  "bytes=0-1, 3-4 ,5-5",
                                  "bytes=0-,0-",
                                  "bytes=1-2,100-200",
                                  "bytes=100-,200-",
                                  "BYTES=1-2",
                                  "lines=1-2",
                                  "bytes=99999999999999999999-",
                                  "bytes=0-99999999999999999999",
                                  "bytes=0-1,",
                                  "bytes=,1-2"})
            to.get(target, fmt::format("Range: {}\r\n", range));
    for (const auto* condition : {"\"65920080-6\"", "\"y\"", "W/\"65920080-6\"", "Mon, 01 Jan 2024 00:00:00 GMT",
                                  "Tue, 02 Jan 2024 00:00:00 GMT", "rubbish", "\""})
        to.get("/a.txt", fmt::format("Range: bytes=1-2\r\nIf-Range: {}\r\n", condition));
    to.ask("HEAD", "/a.txt", "Range: bytes=1-2\r\n");
    to.ask("HEAD", "/a.txt", "Range: bytes=100-\r\n");
    to.ask("POST", "/a.txt", "Range: bytes=1-2\r\n");
    to.old("/a.txt", "Range: bytes=1-2\r\n");
    to.old("/a.txt", "Range: bytes=1-2,4-5\r\n");
}

void add_bodies(collection& to) {
    for (const auto* target : {"/text", "/a.txt", "/none.txt", "/e404", "/r301", "/small", "/small/f", "/ep/none",
                               "/ep/403", "/ep/413", "/ep/405", "/ep/500", "/ep/504", "/nocontent", "/"}) {
        to.ask("POST", target, "Content-Length: 5\r\n", "12345");
        to.ask("POST", target, "Content-Length: 15\r\n", "123451234512345");
        to.ask("POST", target, "Transfer-Encoding: chunked\r\n", "5\r\n12345\r\n0\r\n\r\n");
        to.ask("POST", target, "Transfer-Encoding: chunked\r\n", "x\r\n");
        to.ask("POST", target, "Content-Length: 5\r\nExpect: 100-continue\r\n", "12345");
        to.ask("GET", target, "Content-Length: 5\r\nExpect: 100-Continue\r\n", "12345");
        to.ask("GET", target, "Expect: 100-continue\r\n");
        to.ask("GET", target, "Expect: something\r\n");
    }
}

void add_connections(collection& to) {
    for (const auto* target : {"/text", "/a.txt", "/ssi/page.html", "/zero", "/none.txt", "/r301"}) {
        for (const auto* line : {"Connection: close\r\n", "Connection: keep-alive\r\n", "Connection: CLOSE, x\r\n",
                                 "Keep-Alive: 300\r\n"}) {
            to.get(target, line);
            to.old(target, line);
            to.ask("HEAD", target, line);
        }
    }
    for (const auto* agent :
         {"Mozilla/4.0 (compatible; MSIE 6.0; Windows)", "Mozilla/5.0 Chrome/120.0 Safari/537.36",
          "Mozilla/5.0 (Mac OS X) Safari/600", "Opera MSIE 6.0", "Mozilla Gecko/1 Chrome/1", "MSIE "}) {
        const auto line = fmt::format("User-Agent: {}\r\n", agent);
        for (const auto* target : {"/text", "/none.txt", "/disable", "/e301", "/nopad", "/r301", "/e503", "/e418"}) {
            to.get(target, line);
            to.ask("POST", target, line);
        }
    }
}

}  // namespace

std::vector<asked_request> asked_requests() {
    collection to;
    for (const auto& target : targets()) {
        to.get(target);
        to.ask("HEAD", target);
        to.ask("POST", target, "Content-Length: 0\r\n");
        to.old(target);
        to.oldest(target);
    }
    for (const auto* method : {"PUT", "DELETE", "OPTIONS", "PATCH", "MKCOL", "FOO", "TRACE", "CONNECT"})
        for (const auto* target :
             {"/", "/a.txt", "/text", "/none.txt", "/sub", "/sub/", "/ep/none", "/try/x", "/ep/f/a.txt"})
            to.ask(method, target);
    add_conditions(to);
    add_ranges(to);
    add_bodies(to);
    add_connections(to);
    to.get("/vars?a=%20x", "X-A: one\r\nX-A: two\r\nCookie: b=1; c=2\r\nCookie: c=3\r\n");
    to.get("/text?json=1&plain=1", "X-A: q\"b\\s\x01\x7f\xc3\xa9\r\nCookie: C=up\r\nUser-Agent:\r\n");
    to.get("/text?A=upper&a=lower");
    to.get("/text?aa=1&a");
    for (const auto* host : {"first.test", "second.test", "x.second.test", "other.test:81", "FIRST.test.", ""})
        for (const auto* target : {"/text", "/sub", "/r301", "/named_redirect", "/r308"})
            to.raw(fmt::format("host {} {}", host, target),
                   fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\n\r\n", target, host));
    for (const auto* bytes : {"GET /x HTTP/1.1\r\n\r\n", "GET /x HTTP/2.0\r\n\r\n", "GET x HTTP/1.1\r\n\r\n",
                              "G\r\n\r\n", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n",
                              "HEAD /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "GET /../.. HTTP/1.0\r\n\r\n",
                              "GET /%00\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
                              "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
                              "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n"})
        to.raw(fmt::format("refused {}", bytes), bytes);
    to.raw("too long a line", "GET /" + std::string(9000, 'x') + " HTTP/1.1\r\nHost: a\r\n\r\n");
    to.raw("too large a header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(9000, 'x') + "\r\n\r\n");
    return std::move(to.all_);
}

}  // namespace firstfin::test
