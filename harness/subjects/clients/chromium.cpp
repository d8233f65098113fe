#include <fmt/format.h>

#include <algorithm>

#include "harness/subjects/browser_start.hpp"
#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

using namespace std::chrono_literals;

/// While it starts, its certificate verifier arrives and every connection made before goes (netlog: "Cert verifier
/// changed", "Socket generation out of date"), the one that carried the page as well. That is not an idle close, and
/// over within its first half second.
constexpr auto youngest = 1s;

launch prepare(const client_request& of) {
    expect_one_get("Chromium", of);
    launch out;
    out.arguments = {
        "--headless",
        "--no-sandbox",  // it has no other for root
        "--user-data-dir=" + of.folder, "--disable-dev-shm-usage", "--disable-gpu", "--password-store=basic",
        "--no-first-run", "--no-default-browser-check", "--no-proxy-server",
        // Quiet: nothing of its own over the network. What has no switch fails at a port that it
        // refuses, which is before it comes to the pool of connections; a name it cannot find
        // fails after, and each retry would prune the pool.
        "--allow-browser-signin=false", "--component-updater=url-source=http://127.0.0.1:1/",
        "--gaia-url=http://127.0.0.1:1/", "--disable-background-networking", "--disable-breakpad",
        "--disable-client-side-phishing-detection", "--disable-component-update", "--disable-default-apps",
        "--disable-domain-reliability", "--disable-extensions",
        "--disable-features=DialMediaRouteProvider,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate",
        "--disable-sync", "--metrics-recording-only", "--no-pings",
        fmt::format("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {}", of.host)};
    out.environment = {{"XDG_CACHE_HOME", of.folder}, {"XDG_CONFIG_HOME", of.folder}, {"XDG_RUNTIME_DIR", of.folder}};
    start_at_age(out, of, std::max<duration>(of.age, youngest));
    return out;
}

}  // namespace

client_subject chromium() {
    return {.id = "chromium",
            .name = "Chromium",
            .profile = "chromium",
            .comes_from = {.programs = {"chromium", "chromium-browser", "google-chrome-stable"},
                           .packages = {"chromium"},
                           .version_arguments = {"--version"}},
            .takes = {},
            .plays = {scenario_kind::idle},
            .has_age = true,
            .memory = 400 << 20,
            .spacing = 1s,
            .patience = 60s,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
