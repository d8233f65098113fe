#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/subjects/browser_start.hpp"
#include "harness/subjects/plain_requests.hpp"

namespace firstfin::subjects {

namespace {

using namespace std::chrono_literals;

/// While it starts, its certificate verifier arrives and every connection made before goes (netlog: "Cert verifier
/// changed", "Socket generation out of date"), the one that carried the page as well. That is not an idle close, and
/// over within its first half second.
constexpr auto youngest = 1s;

/// Nothing of its own over the network, and nothing through its pool of connections, which every request to whatever
/// server prunes: repeated at growing intervals, that would close idle connections that nobody had touched. What has no
/// switch is sent to a port that Chromium refuses, and fails before it comes to the pool; with a name that cannot be
/// found it fails behind it.
constexpr std::array<std::string_view, 14> quiet = {
    "--allow-browser-signin=false",
    "--component-updater=url-source=http://127.0.0.1:1/",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-client-side-phishing-detection",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-features=DialMediaRouteProvider,MediaRouter,NetworkTimeServiceQuerying,OptimizationHints,Translate",
    "--disable-sync",
    "--gaia-url=http://127.0.0.1:1/",
    "--metrics-recording-only",
    "--no-pings",
};

launch prepare(const client_request& of) {
    expect_one_get("Chromium", of);
    launch out;
    out.arguments = {
        "--headless",
        "--no-sandbox",  // root has none, and here is one around it
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-default-browser-check",
        "--no-first-run",
        "--no-proxy-server",
        "--password-store=basic",
        "--user-data-dir=" + of.folder,
    };
    out.arguments.insert(out.arguments.end(), quiet.begin(), quiet.end());
    // Names that are still asked for are found by nobody. An IPv6 address stands there without brackets.
    out.arguments.push_back(fmt::format("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {}", of.host));
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
            .memory = 300 << 20,  // 365 MB alone, 160 MB each of twenty
            .spacing = 1s,
            .patience = 60s,
            .prepare = prepare};
}

}  // namespace firstfin::subjects
