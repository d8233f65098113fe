#include "tests/harness/validate/fixable_configurations.hpp"

#include <algorithm>

#include "tests/harness/validate/labelled_cases.hpp"
#include "tests/harness/validate/reading.hpp"

namespace firstfin::test {

namespace {

std::string server(const std::string& inside) {
    return "  server {\n    listen 8080;\n    " + inside + "\n    location / {\n    }\n  }";
}

std::string passing(const std::string& pool, const std::string& place,
                    const std::string& pass = "proxy_pass http://app;") {
    return "  upstream app {\n    server 10.0.0.1;\n    " + pool +
           "\n  }\n  server {\n    listen 8080;\n    location / {\n      " + place + "\n      " + pass + "\n    }\n  }";
}

const std::string both = "proxy_http_version 1.1; proxy_set_header Connection '';";
const std::string early = "proxy_request_buffering off; proxy_pass http://10.0.0.1:81;";

std::vector<fixable> within_http() {
    return {
        {"balancer", "server-before-balancer", server("keepalive_timeout 55s;"), {"--client", "aws-alb"}},
        {"balancer_default", "server-before-balancer", server(""), {"--client", "gcp-global-alb"}},
        {"balancer_hint", "server-before-balancer", server("keepalive_timeout 55s 50s;"), {"--client", "aws-alb"}},
        {"balancer_inherited",
         "server-before-balancer",
         "  keepalive_timeout 55s;\n" + server(""),
         {"--client", "aws-alb"}},
        {"balancer_one_line",
         "server-before-balancer",
         "server { listen 8080; location / {} }",
         {"--client", "gcp-global-alb"}},
        {"near_balancer", "server-near-balancer", server("keepalive_timeout 62s;"), {"--client", "aws-alb"}},
        {"tie", "tie-zone", server("keepalive_timeout 120s;"), {"--client", "idle=115s,mode=timer,window=115s..125s"}},
        {"hint_exceeds", "hint-exceeds-limit", server("keepalive_timeout 20 30;"), {}},
        {"hint_exceeds_inherited",
         "hint-exceeds-limit",
         "  keepalive_timeout 75 20;\n" + server("keepalive_timeout 10;"),
         {}},
        {"hint_exceeds_short", "hint-exceeds-limit", server("keepalive_timeout 1 30;"), {}},
        {"hint_exceeds_browser", "hint-exceeds-limit", server("keepalive_timeout 55s 60s;"), {"--client", "firefox"}},
        {"balancer_and_browser",
         "server-before-balancer",
         server("keepalive_timeout 55s 50s;"),
         {"--client", "aws-alb", "--client", "firefox"}},
        {"hint_equals", "hint-equals-limit", server("keepalive_timeout 20 20;"), {}},
        {"hint_equals_short", "hint-equals-limit", server("keepalive_timeout 1 1;"), {}},
        {"hint_absent", "hint-absent", server("keepalive_timeout 75s;"), {"--client", "firefox"}},
        {"hint_absent_default", "hint-absent", server(""), {"--client", "firefox"}},
        {"two_times", "two-times", server("keepalive_timeout 1h 30m;"), {}},
        {"disable", "keepalive-disable", server("keepalive_disable safari;"), {"--rate", "500"}},
        {"disable_both", "keepalive-disable", server("keepalive_disable msie6 safari;"), {"--rate", "500"}},
        {"requests", "requests-churn", server("keepalive_requests 4;"), {"--rate", "500"}},
        {"requests_default", "requests-churn", server(""), {"--rate", "200000"}},
        {"time", "time-churn", server("keepalive_time 10s;"), {"--connections", "2000", "--workers", "64"}},
        {"slots_default", "slots", server(""), {"--connections", "4000", "--workers", "1"}},
        {"reloads", "reload-resets", server(""), {"--reloads-per-hour", "6"}},
        {"extra_input", "rst-extra-input", server("lingering_close off;"), {}},
        {"early_response",
         "rst-early-response",
         "  server {\n    listen 8080;\n    location / {\n      lingering_close off;\n      " + early + "\n    }\n  }",
         {}},
        {"no_keepalive_upstream", "upstream-no-keepalive", passing("keepalive 0;", ""), {}},
        {"connection_close",
         "upstream-connection-close",
         passing("keepalive 8;", "proxy_http_version 1.1; proxy_set_header Connection close;"),
         {"--backend", "idle=75s"}},
        {"connection_lost",
         "upstream-connection-lost",
         "  " + both + "\n" + passing("keepalive 8;", "proxy_set_header Host a;"),
         {"--backend", "idle=75s"}},
        {"fastcgi", "fastcgi-keep-conn", passing("keepalive 8;", "", "fastcgi_pass app;"), {}},
        {"fastcgi_off",
         "fastcgi-keep-conn",
         passing("keepalive 8;", "fastcgi_keep_conn off;", "fastcgi_pass app;"),
         {}},
        {"outlives",
         "upstream-outlives-backend",
         passing("keepalive 8; keepalive_timeout 60s;", both),
         {"--backend", "node-http-server"}},
        {"outlives_default", "upstream-outlives-backend", passing("keepalive 8;", both), {"--backend", "idle=30s"}},
        {"near_backend",
         "upstream-near-backend",
         passing("keepalive 8; keepalive_timeout 28s;", both),
         {"--backend", "idle=30s"}},
        {"no_retry", "upstream-no-retry", passing("keepalive 8;", both + " proxy_next_upstream off;"), {}},
        {"pool_small",
         "upstream-pool-small",
         passing("keepalive 8;", both),
         {"--backend", "idle=75s", "--rate", "400", "--workers", "1"}},
        {"pool_small_default",
         "upstream-pool-small",
         passing("", both),
         {"--backend", "idle=75s", "--rate", "4000", "--workers", "1"}},
        {"upstream_requests",
         "upstream-requests-churn",
         passing("keepalive 64; keepalive_requests 2;", both),
         {"--backend", "idle=75s", "--rate", "300", "--workers", "1"}},
        {"upstream_silent",
         "upstream-silent-drop",
         passing("keepalive 8; keepalive_timeout 400s;", both),
         {"--backend", "aws-nlb"}},
        {"pool_small_method",
         "upstream-pool-small",
         passing("least_conn;", both),
         {"--backend", "idle=75s", "--rate", "4000", "--workers", "1"}},
        {"pool_small_method_after",
         "upstream-pool-small",
         passing("least_conn; keepalive 8;", both),
         {"--backend", "idle=75s", "--rate", "4000", "--workers", "1"}},
        {"fastcgi_in_if",
         "fastcgi-keep-conn",
         passing("keepalive 8;", "if ($arg_a) { fastcgi_pass app; }", "fastcgi_pass app;"),
         {}},
        {"lost_in_if",
         "upstream-connection-lost",
         "  " + both + "\n" +
             passing("keepalive 8;", "proxy_set_header Host a; if ($arg_a) { proxy_pass http://app; }"),
         {"--backend", "idle=75s"}},
        {"crowd",
         "requests-churn",
         "  keepalive_timeout 55s 60s;\n  server {\n    listen 8080;\n    server_name a;\n    location / {\n    }\n"
         "    location /b {\n      keepalive_timeout 30s 40s;\n    }\n  }\n  server {\n    listen 8081;\n"
         "    server_name b;\n    keepalive_requests 3;\n    location / {\n      proxy_pass http://127.0.0.1:1;\n"
         "    }\n  }",
         {"--client", "browsers", "--client", "aws-alb", "--rate", "500", "--connections", "3000", "--workers", "2",
          "--reloads-per-hour", "3"}},
        {"library_and_balancer",
         "server-before-balancer",
         "  keepalive_timeout 55s;\n" + server(""),
         {"--client", "gcp-global-alb", "--client", "python-requests"}},
        {"several",
         "server-before-balancer",
         "  lingering_close off;\n  keepalive_timeout 55s;\n" + passing("keepalive 8; keepalive_timeout 75s;", both),
         {"--client", "aws-alb", "--backend", "nginx"}},
    };
}

}  // namespace

const std::vector<fixable>& fixable_configurations() {
    static const auto all = [] {
        auto rows = within_http();
        for (auto& row : rows)
            row.text = "events {\n}\nhttp {\n" + row.text + "\n}\n";
        return rows;
    }();
    return all;
}

std::vector<fixable> labelled_configurations() {
    std::vector<fixable> out;
    for (const auto& one : labelled_cases())
        out.push_back({one.name, "", one.text, one.options});
    return out;
}

std::optional<fixable_reading> read_fixable(const fixable& row, const std::string& version) {
    auto options = row.options;
    if (const auto given = std::ranges::find(options, "--nginx-version"); given != options.end())
        options.erase(given, given + 2);
    options.insert(options.end(), {"--nginx-version", version});
    fixable_reading out;
    out.asked = validate::read_question(options, all_profiles());
    out.access = nginx_conf::files_in_memory({{"n.conf", row.text}});
    nginx_conf::reading_options how;
    how.version = out.asked.version;
    how.access = out.access;
    out.read = nginx_conf::read_configuration("n.conf", "", how);
    if (!out.read.is_valid()) return std::nullopt;
    return out;
}

}  // namespace firstfin::test
