#include "tests/harness/validate/printing/sample_validation.hpp"

#include <array>

namespace firstfin::test {

namespace {

using namespace std::chrono_literals;
using model::closer;
using validate::severity;

// Line 8 has two bytes a letter before the directive; the file of site b is one long line.
constexpr auto main_text = R"(events { }
http {
    upstream app {
        server 10.0.0.1:8080;
        keepalive 16;
    }
    server {
        set $город "Köln"; keepalive_timeout 60s;
        listen 80;
        server_name a.example;
        location / { proxy_pass http://app; }
    }
    include sites/*.conf;
}
)";

std::string site_text() {
    std::string out = "server { listen 80; server_name";
    for (int i = 0; i < 40; ++i)
        out += " b" + std::to_string(i) + ".example";
    return out + "; keepalive_timeout 75s 75s; location / { return 204; } }\n";
}

nginx_conf::configuration read(const std::string& path, nginx_conf::file_access access) {
    nginx_conf::reading_options how;
    how.access = std::move(access);
    return nginx_conf::read_configuration(path, "/etc/nginx/", how);
}

nginx_conf::position place_of(const validate::validation& in, std::uint32_t file, std::string_view word) {
    const std::string_view text = in.read.texts.at(file);
    const auto at = text.find(word);
    nginx_conf::position out{file, 1, 1};
    for (const char c : text.substr(0, at)) {
        ++out.column;
        if (c == '\n') out = {file, out.line + 1, 1};
    }
    return out;
}

validate::outlook ahead(closer first, std::optional<time_window> when, closer time_wait, std::string lost) {
    return {first, when, time_wait, {}, {}, std::move(lost), "because the limits say so"};
}

}  // namespace

std::span<const validate::rule> sample_rules() {
    static constexpr std::array rules{
        validate::rule{"server-before-balancer", "nginx closes before the balancer does", severity::error,
                       "The balancer sends a request into a connection that nginx has just closed.",
                       "keepalive_timeout above the balancer's limit", "RFC 9112 9.3.1", nullptr},
        validate::rule{"hint-equals-limit", "The hint is the limit", severity::warning,
                       "A client that follows the hint closes when nginx does: \"at once\" & <together>.",
                       "a smaller second value", "ngx_http_header_filter()", nullptr},
        validate::rule{"upstream-ports", "Ports run out", severity::error, "Every connection takes a port for 60 s.",
                       "keepalive in the upstream", "net.ipv4.ip_local_port_range", nullptr}};
    return rules;
}

nginx_conf::file_access sample_files() {
    return nginx_conf::files_in_memory(
        {{"/etc/nginx/nginx.conf", main_text}, {"/etc/nginx/sites/b.conf", site_text()}});
}

validate::validation sample_validation(int alike) {
    validate::validation out;
    out.read = read("/etc/nginx/nginx.conf", sample_files());
    out.asked.version = {1, 28, 0};
    out.asked.version_given = true;
    out.asked.traffic.rate = 500;
    out.asked.traffic.rates = {{"app", 250.5}};
    out.asked.traffic.connections = 10'000;

    auto row = ahead(closer::server, time_window{60s, 60s}, closer::server, "none");
    row.time_wait_least = 30;
    row.time_wait_most = 30'000;
    out.rows.push_back({"a.example:80", true, "aws-alb", "", row});
    out.rows.push_back({"a.example:80", true, "firefox", "",
                        ahead(closer::undecided, time_window{115s, 125s}, closer::undecided, "POST")});
    for (int i = 0; i < alike; ++i) {
        row.time_wait_least = row.time_wait_most = 30'000;
        out.rows.push_back({"b" + std::to_string(i) + ".example:80", true, "aws-alb", "", row});
    }
    out.rows.push_back({"app", false, "uvicorn", "", ahead(closer::client, time_window{}, closer::client, "none")});
    out.rows.push_back({"app", false, "", "", ahead(closer::nobody, std::nullopt, closer::nobody, "any")});
    out.rows.push_back({"http://$host", false, "", "variables decide where it goes", {}});

    const auto limit = place_of(out, 0, "keepalive_timeout");
    out.findings.push_back({.rule = "upstream-post",
                            .level = severity::note,
                            .where = place_of(out, 0, "upstream"),
                            .text = "A POST is not sent again when its connection turns out to be closed.",
                            .advice = "name the backend",
                            .safe_fix = validate::change{validate::change::kind::insert, place_of(out, 0, "upstream"),
                                                         "keepalive_timeout 4s"},
                            .hops = {"app"}});
    out.findings.push_back(
        {.rule = "server-before-balancer",
         .level = severity::error,
         .where = limit,
         .text =
             "nginx closes after 60s what aws-alb keeps for 60s: a request that meets the FIN is answered with 502.",
         .advice = "keepalive_timeout 65s;",
         .safe_fix = validate::change{validate::change::kind::replace, limit, "keepalive_timeout 65s"},
         .hops = {"a.example:80", "b0.example:80", "b1.example:80", "b2.example:80", "b3.example:80"},
         .peers = {"aws-alb"},
         .confidence = "documented"});
    out.findings.push_back({.rule = "upstream-ports",
                            .level = severity::error,
                            .where = place_of(out, 0, "proxy_pass"),
                            .text = "30,000 connections in TIME_WAIT need more than 28,232 ports.",
                            .advice = "keepalive 64; in upstream app",
                            .ignored = "tested up to 400/s, see OPS-17"});
    out.findings.push_back({.rule = "hint-equals-limit",
                            .level = severity::warning,
                            .where = place_of(out, 1, "keepalive_timeout"),
                            .text = "The hint of 75s is the limit of 75s.",
                            .advice = "keepalive_timeout 75s 60s;",
                            .hops = {"b0.example:80"}});
    out.not_judged = {{"slots", "--connections"}, {"reload-resets", "--reloads-per-hour"}, {"churn", "--connections"}};
    out.remarks = {"c.example: nothing of that name listens"};
    return out;
}

validate::validation hostile_validation() {
    const std::string evil =
        "\x1b[31m\"<b>&amp;\r\n::error::%0A]]>{0}[a](b:c),\xE2\x80\xAE'\\\xFF\x7F\xC2\x9B\xEF\xBF\xBE\t$(x)`";
    const auto file = "/etc/nginx/a b" + evil + ".conf";
    validate::validation out;
    out.read = read(
        file, nginx_conf::files_in_memory({{file, "events{}http{server{ listen 80; server_name \"" +
                                                      std::string("\x1b]0;x\x07") + "\"; keepalive_timeout 60s;}}"}}));
    out.asked.traffic.rates = {{evil, 5}};
    out.asked.system.origin = evil;
    out.rows.push_back({evil, true, evil, "", ahead(closer::server, std::nullopt, closer::nobody, "any")});
    out.rows.push_back({evil, false, evil, evil, {}});
    const auto where = place_of(out, 0, "keepalive_timeout");
    out.findings.push_back(
        {.rule = "server-before-balancer",
         .level = severity::error,
         .where = where,
         .text = "text " + evil,
         .advice = "advice " + evil,
         .safe_fix = validate::change{validate::change::kind::replace, where, "keepalive_timeout 65s"},
         .hops = {evil},
         .peers = {evil},
         .confidence = "documented"});
    out.findings.push_back({.rule = "hint-equals-limit",
                            .where = where,
                            .text = evil,
                            .safe_fix = validate::change{validate::change::kind::replace, where, "x " + evil},
                            .ignored = evil});
    out.findings.push_back({.rule = "hint-equals-limit", .level = severity::note, .text = evil});
    out.not_judged = {{"slots", evil}};
    out.remarks = {evil};
    return out;
}

}  // namespace firstfin::test
