#include "harness/validate/annotations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/harness/validate/reading.hpp"

namespace firstfin::validate {
namespace {

nginx_conf::configuration read_files(const std::map<std::string, std::string>& texts) {
    nginx_conf::reading_options how;
    how.access = nginx_conf::files_in_memory(texts);
    auto out = nginx_conf::read_configuration("/n/nginx.conf", "/n", how);
    EXPECT_TRUE(out.is_valid()) << out.in_words(out.messages.front());
    return out;
}

nginx_conf::configuration read_text(const std::string& text) {
    return read_files({{"/n/nginx.conf", text}});
}

std::string block_in_words(const enclosing_block& of) {
    constexpr std::array names{"none", "http", "server", "location", "upstream", "other"};
    return fmt::format("{}@{}:{}", names.at(static_cast<std::size_t>(of.what)), of.where.file, of.where.line);
}

/// "client aws-alb 3:5 in server@0:2", "ignore tie-zone (why) 3:5 lines 4-4 in ...".
std::string in_words(const annotation& one) {
    std::string out;
    if (one.kind == annotation_kind::ignore)
        out = fmt::format("ignore {} ({}) {}:{} lines {}-{} in", one.what, one.reason, one.where.line, one.where.column,
                          one.first_line, one.last_line);
    else
        out = fmt::format("{} {} {}:{} in", one.kind == annotation_kind::client ? "client" : "backend", one.what,
                          one.where.line, one.where.column);
    for (const auto& block : *one.inside)
        out += " " + block_in_words(block);
    return out;
}

std::vector<std::string> all_in_words(const nginx_conf::configuration& read) {
    std::vector<std::string> out;
    for (const auto& one : read_annotations(read))
        out.push_back(in_words(one));
    return out;
}

std::string complaint(const std::string& text) {
    try {
        const auto found = all_in_words(read_text(text));
        return fmt::format("no error, {} annotations", found.size());
    } catch (const bad_input& failed) {
        return failed.what();
    }
}

using texts = std::vector<std::string>;

TEST(Annotations, StandInTheInnermostBlock) {
    EXPECT_EQ(all_in_words(read_text("# firstfin: client=browsers\n"
                                     "events {}\n"
                                     "http { # firstfin: backend=idle=5s\n"
                                     "  upstream u { server 127.0.0.1:1; } # firstfin: client=curl-cli\n"
                                     "  upstream v {\n"
                                     "    #firstfin:backend=node-http-server client=idle=30s,mode=timer\n"
                                     "    server 127.0.0.1:1;\n"
                                     "  }\n"
                                     "  map $a $b { # firstfin: client=aws-alb\n"
                                     "  }\n"
                                     "  server {\n"
                                     "    ## firstfin:\tclient=aws-alb\t\r\n"
                                     "    if ($a) { # firstfin: client=aws-nlb\n"
                                     "    }\n"
                                     "    location / { location /a { # firstfin: backend=x\n"
                                     "    } }\n"
                                     "  }\n"
                                     "}\n")),
              (texts{"client browsers 1:13 in none@0:0", "backend idle=5s 3:20 in http@0:3",
                     "client curl-cli 4:50 in http@0:3", "backend node-http-server 6:15 in upstream@0:5",
                     "client idle=30s,mode=timer 6:40 in upstream@0:5", "client aws-alb 9:27 in http@0:3",
                     "client aws-alb 12:18 in server@0:11", "client aws-nlb 13:27 in server@0:11",
                     "backend x 15:44 in location@0:15"}));
}

TEST(Annotations, AreCommentsOnly) {
    EXPECT_EQ(all_in_words(read_text("events {}\n"
                                     "http { log_format a '# firstfin: client=x' \"\n# firstfin: client=y\";\n"
                                     "  log_format b x# firstfin: client=z;\n"
                                     "  log_format c a\\ # firstfin: client=escaped\n"
                                     "  ; # about firstfin: client=no, firstfin is a tool\n"
                                     "  # firstfin-like, firstfinish: client=no\n"
                                     "  # # firstfin: client=escapeded-out\n"
                                     "  init_by_lua_block { local a = '# firstfin: client=lua' } # firstfin: client=w\n"
                                     "}\n")),
              (texts{"client w 9:72 in http@0:2"}));
}

TEST(Annotations, IgnoreMeansItsLineOrTheNextStatement) {
    EXPECT_EQ(all_in_words(read_text("events {}\n"
                                     "http {\n"
                                     "  # firstfin: ignore=rst-timeouts asked for by ops, #42\n"
                                     "\n"
                                     "  # another comment\n"
                                     "  keepalive_timeout 60s; # firstfin: ignore=tie-zone  a b \n"
                                     "  add_header a\n"
                                     "     # firstfin: ignore=tie-zone within\n"
                                     "     b; # firstfin: ignore=tie-zone at its end\n"
                                     "  # firstfin: ignore=tie-zone block\n"
                                     "  server { # firstfin: ignore=tie-zone same block\n"
                                     "    listen 80; listen\n"
                                     "    81; listen 82; # firstfin: ignore=tie-zone several\n"
                                     "  }\n"
                                     "}\n")),
              (texts{"ignore rst-timeouts (asked for by ops, #42) 3:15 lines 6-6 in http@0:2",
                     "ignore tie-zone (a b) 6:38 lines 6-6 in http@0:2",
                     "ignore tie-zone (within) 8:18 lines 7-8 in http@0:2",
                     "ignore tie-zone (at its end) 9:21 lines 7-9 in http@0:2",
                     "ignore tie-zone (block) 10:15 lines 11-11 in http@0:2",
                     "ignore tie-zone (same block) 11:24 lines 11-11 in server@0:11",
                     "ignore tie-zone (several) 13:32 lines 12-13 in server@0:11"}));
}

TEST(Annotations, OfIncludedFilesStandWhereverTheyAreIncluded) {
    const auto read = read_files({{"/n/nginx.conf",
                                   "events {}\nhttp {\n"
                                   "include conf.d/*.conf;\n"
                                   "server { include snippets/peers; }\n"
                                   "server { location / { include /n/snippets/peers; } }\n"
                                   "server { include snippets/empty; include snippets/peers;\n"
                                   "  include snippets/peers; }\n"
                                   "}\nstream { include streams; }\n"},
                                  {"/n/conf.d/a.conf", "# firstfin: client=a\nserver { # firstfin: client=b\n}\n"},
                                  {"/n/conf.d/.hidden.conf", "# firstfin: client=hidden\n"},
                                  {"/n/snippets/peers", "# firstfin: client=p\n"},
                                  {"/n/snippets/empty", "\n"},
                                  {"/n/streams", "# firstfin: client=s\nserver { # firstfin: client=t\n}\n"}});
    EXPECT_EQ(all_in_words(read), (texts{"client a 1:13 in http@0:2", "client b 2:22 in server@1:2",
                                         "client p 1:13 in server@0:4 location@0:5 server@0:6",
                                         "client s 1:13 in other@0:9", "client t 2:22 in server@4:2"}));
}

struct refusal {
    std::string comment;
    std::string says;
};

TEST(Annotations, AreRefusedWithThePlaceAndARemedy) {
    const std::vector<refusal> all{
        {"# firstfin:", "1:1: says nothing: expected client=, backend= or ignore= after 'firstfin:'"},
        {"# firstfin client=x", "1:11: a ':' is missing after 'firstfin'"},
        {"# firstfin: cleint=x", "1:13: unknown key 'cleint'; did you mean 'client'? (known: client, backend, ignore)"},
        {"# firstfin: =x", "1:13: unknown key '' (known: client, backend, ignore)"},
        {"# firstfin: client=", "1:13: client= has no value"},
        {"# firstfin: client= x", "1:13: client= has no value"},
        {"# firstfin: ignore= x", "1:13: ignore= has no value"},
        {"# firstfin: client=x since May",
         "1:22: 'since' is no KEY=VALUE: expected client=WHO, backend=WHO or ignore=RULE REASON"},
        {"# firstfin: ignore=tie-zone  \t",
         "1:13: ignore=tie-zone without a reason: write why, as in 'ignore=tie-zone reason'"},
        {"# firstfin: ignore=tie-zoen why",
         "1:20: there is no rule 'tie-zoen'; did you mean 'tie-zone'? (--rules lists them)"},
        {"# firstfin: ignore=zzzzzzzzz why", "1:20: there is no rule 'zzzzzzzzz' (--rules lists them)"},
        {"# firstfin: client=a ba\x1b[2Jd=b", "1:22: unknown key 'ba\\x1B[2Jd' (known: client, backend, ignore)"}};
    for (const auto& one : all)
        EXPECT_EQ(complaint(one.comment + "\nevents {}\nhttp {}\n"), "/n/nginx.conf:" + one.says) << one.comment;
}

TEST(Annotations, SayAllThatIsWrongAtOnce) {
    EXPECT_EQ(complaint("events {} # firstfin: x\nhttp {\n server {\n } # firstfin: ignore=tie-zone why\n"
                        " # firstfin: ignore=tie-zone why\n}\n"),
              "/n/nginx.conf:1:23: 'x' is no KEY=VALUE: expected client=WHO, backend=WHO or ignore=RULE REASON\n"
              "/n/nginx.conf:4:16: ignore=tie-zone stands behind a \"}\", which finds nothing: write it on the line of "
              "the directive or alone on a line before it\n"
              "/n/nginx.conf:5:14: ignore=tie-zone: no statement of this block follows that it could mean");
    std::string many;
    for (int i = 0; i < 25; ++i)
        many += "# firstfin:\n";
    const auto said = complaint(many + "events {}\n");
    EXPECT_EQ(std::ranges::count(said, '\n'), 20);
    EXPECT_TRUE(said.ends_with("\nand more")) << said;
}

TEST(Ignores, MarkFindingsOfTheirRuleAndLineOnly) {
    const auto read = read_text(
        "events {}\n"
        "http {\n"
        "  # firstfin: ignore=tie-zone known\n"
        "  keepalive_timeout 120s;\n"
        "  keepalive_time 1h; # firstfin: ignore=time-churn accepted\n"
        "  # firstfin: ignore=slots nothing there\n"
        "  keepalive_requests 10;\n"
        "}\n");
    const auto at = [](std::string rule, std::uint32_t line) {
        finding out;
        out.rule = std::move(rule);
        out.where = {0, line, 3};
        return out;
    };
    std::vector<finding> findings{at("tie-zone", 4), at("tie-zone", 3), at("tie-zone", 5), at("time-churn", 5),
                                  at("lazy-client", 4)};
    findings.push_back(at("tie-zone", 4));
    findings.back().where.file = 1;
    findings.push_back({.rule = "slots"});
    const auto remarks = apply_ignores(read_annotations(read), read.files, findings);
    texts reasons;
    for (const auto& one : findings)
        reasons.push_back(one.ignored.value_or("-"));
    EXPECT_EQ(reasons, (texts{"known", "-", "-", "accepted", "-", "-", "-"}));
    EXPECT_EQ(remarks, (texts{"/n/nginx.conf:6:15: ignore=slots meets no finding there"}));
    EXPECT_EQ(apply_ignores(read_annotations(read), read.files, findings, {{"slots", "--connections"}}), texts{});
}

// Thousands of findings of one rule against thousands of ignores: must not be looked at pair by pair.
TEST(Ignores, OfALongFileAreFound) {
    constexpr int lines = 20'000;
    std::string text = "events {}\nhttp {\n";
    std::vector<finding> findings;
    for (int i = 0; i < lines; ++i) {
        text += "# firstfin: ignore=tie-zone why\nadd_header a b;\n";
        finding one;
        one.rule = "tie-zone";
        one.where = {0, static_cast<std::uint32_t>(2 * i + 4), 1};
        findings.push_back(one);
    }
    const auto read = read_text(text + "}\n");
    EXPECT_TRUE(apply_ignores(read_annotations(read), read.files, findings).empty());
    EXPECT_TRUE(std::ranges::all_of(findings, [](const finding& one) { return one.ignored.has_value(); }));
    findings.clear();
    const auto remarks = apply_ignores(read_annotations(read), read.files, findings);
    EXPECT_EQ(remarks.size(), 21U);
    EXPECT_EQ(remarks.back(), "19980 more meet no finding");
}

std::string ids_of(const std::vector<peer>& peers) {
    std::string out;
    for (const auto& one : peers)
        out += (out.empty() ? "" : "+") + one.id;
    return out;
}

texts assigned(const std::string& text, bool clients) {
    const auto read = read_text(text);
    const auto settings = nginx_conf::effective(read);
    const auto all = read_annotations(read);
    texts out;
    try {
        const auto found = clients ? annotated_clients(all, read, settings, test::all_profiles())
                                   : annotated_backends(all, read, settings, test::all_profiles());
        for (const auto& one : found)
            out.push_back(fmt::format("{}@{}: {}", one.hop, one.server.line, ids_of(one.peers)));
    } catch (const bad_input& failed) {
        out.push_back(failed.what());
    }
    return out;
}

TEST(AnnotatedPeers, ClientsGoToTheirServer) {
    EXPECT_EQ(assigned("events {}\nhttp {\n# firstfin: client=curl-cli\n"
                       "server { server_name a; # firstfin: client=aws-alb client=aws-alb\n"
                       "}\n"
                       "server { listen 127.0.0.1:81; location / { # firstfin: client=idle=30s\n } }\n}\n",
                       true),
              (texts{"@0: curl-cli", "a@4: aws-alb", "127.0.0.1:81@6: idle=30s"}));
}

TEST(AnnotatedPeers, BackendsGoToTheNearestTarget) {
    const std::string http =
        "events {}\nhttp {\nupstream api { server 127.0.0.1:1; # firstfin: backend=idle=1s\n}\n"
        "upstream other { server 127.0.0.1:2; }\n";
    EXPECT_EQ(assigned(http + "server { # firstfin: backend=idle=2s\n"
                              "location /a { proxy_pass http://API; }\n"
                              "location /b { proxy_pass http://other/x; }\n"
                              "location /c { if ($a) { proxy_pass http://127.0.0.1; }\n"
                              "  location /c/d { proxy_pass https://example.org/; } # firstfin: backend=idle=3s\n}\n"
                              "location /e { fastcgi_pass unix:/run/x.sock; }\n"
                              "location /f { proxy_pass http://$host; }\n"
                              "} }\n",
                       false),
              (texts{"api@0: idle=1s", "127.0.0.1:80@0: idle=3s", "example.org:443@0: idle=3s",
                     "http://$host@0: idle=2s", "other@0: idle=2s", "unix:/run/x.sock@0: idle=2s"}));
}

TEST(AnnotatedPeers, AreRefusedWhereTheySayNothing) {
    EXPECT_EQ(assigned("# firstfin: client=firefx\nevents {}\nhttp {\nupstream u { # firstfin: client=curl-cli\n"
                       "server 127.0.0.1:1; } }\nstream { # firstfin: client=curl-cli\n"
                       "server { # firstfin: client=curl-cli\n listen 1; } }\n",
                       true)
                  .front()
                  .substr(0, 60),
              "/n/nginx.conf:1:13: no client profile is called 'firefx'; di");
    EXPECT_EQ(assigned("events {}\nhttp { upstream u { # firstfin: client=curl-cli\n server 127.0.0.1:1; } }\n"
                       "stream { # firstfin: client=curl-cli\n server { # firstfin: client=curl-cli\n listen 1; } }\n",
                       true),
              (texts{"/n/nginx.conf:2:33: client= stands in an upstream, which nobody connects to: backend= is meant "
                     "there, or client= in a server\n"
                     "/n/nginx.conf:4:22: client= stands in no server of http: nothing else is judged\n"
                     "/n/nginx.conf:5:23: client= stands in no server of http: nothing else is judged"}));
    EXPECT_EQ(assigned("events {}\nhttp { server { # firstfin: backend=idle=1s\n"
                       "location / { # firstfin: backend=idle=1s\n} } }\n",
                       false),
              (texts{"/n/nginx.conf:3:26: backend= stands in a location that passes nothing on\n"
                     "/n/nginx.conf:2:29: backend= stands in a server that passes nothing on"}));
}

/// A server without a name shares its address with another: only the place of its block tells them apart.
TEST(AnnotatedPeers, ReachTheHopOfTheirServerAlone) {
    const auto read = read_text(
        "events {}\nhttp { server { # firstfin: client=aws-alb\n }\n"
        "server { server_name b; } }\n");
    const auto settings = nginx_conf::effective(read);
    const auto clients = annotated_clients(read_annotations(read), read, settings, test::all_profiles());
    const auto ways = hops_of(settings, clients, {}, {});
    ASSERT_EQ(ways.in.size(), 2U);
    EXPECT_EQ(ids_of(ways.in[0].peers), "aws-alb");
    EXPECT_EQ(ids_of(ways.in[1].peers), "");
    EXPECT_TRUE(ways.unmatched.empty());
}

TEST(Annotations, CountInAValidation) {
    const auto got = test::validated(
        "events {}\nhttp {\n"
        "server { # firstfin: client=aws-alb\n"
        "  keepalive_timeout 30s;\n}\n"
        "server { # firstfin: client=aws-alb\n"
        "  # firstfin: ignore=server-before-balancer it is moved next week\n"
        "  keepalive_timeout 31s; listen 81;\n}\n"
        "server { listen 82; keepalive_timeout 32s;\n}\n}\n");
    texts out;
    for (const auto& one : got.findings)
        if (one.rule == "server-before-balancer")
            out.push_back(fmt::format("{} {}", one.where.line, one.ignored.value_or("-")));
    EXPECT_EQ(out, (texts{"4 -", "8 it is moved next week"}));
    EXPECT_TRUE(got.has_at_least(severity::error));
}

}  // namespace
}  // namespace firstfin::validate
