#include "harness/cli/environment.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <boost/version.hpp>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include "core/version.hpp"
#include "harness/sandbox/sysctl.hpp"
#include "harness/subjects/installed.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::cli {

namespace {

std::string processor_name() {
    std::ifstream in("/proc/cpuinfo");
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("model name"))
            if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return "unknown";
}

std::string witnesses(sandbox::kind where, const experiment::plan& what) {
    if (where == sandbox::kind::loopback)
        return "two: sockets, subjects (no wire: nothing can be captured without privilege)";
    const auto silent_server = [](const auto& one) { return one.nginx || one.server_program; };
    const auto silent_client = [](const auto& one) { return !one.client_program.empty(); };
    const bool servers = std::ranges::any_of(what.stages, silent_server);
    const bool clients = std::ranges::any_of(what.stages, silent_client);
    if (servers && clients) return "two: wire, sockets (the programs report nothing of themselves)";
    if (servers) return "three: wire, sockets, of the subjects the client (the server reports nothing of itself)";
    if (clients) return "three: wire, sockets, of the subjects the server (the client reports nothing of itself)";
    return "three: wire, sockets, subjects";
}

/// The programs that play a side.
std::map<std::string, subjects::installation> programs_of(const experiment::plan& what) {
    std::map<std::string, subjects::installation> programs;
    for (const auto& stage : what.stages) {
        if (stage.server_program) {
            const auto& subject = subjects::find_server(stage.server_program.id);
            programs.emplace(subject.id, subject.comes_from);
        }
        if (!stage.client_program.empty()) {
            const auto& subject = subjects::find_client(stage.client_program);
            programs.emplace(subject.id, subject.comes_from);
        }
    }
    return programs;
}

}  // namespace

store::text_pairs program_versions(const std::map<std::string, subjects::installation>& programs) {
    std::vector<subjects::installation> questions;
    for (const auto& [id, from] : programs)
        questions.push_back(from);
    const auto answers = subjects::ask_installed(questions);
    store::text_pairs out;
    for (auto answer = answers.begin(); const auto& [id, from] : programs) {
        out.emplace_back(id, answer->version.empty() ? "tells no version" : answer->version);
        ++answer;
    }
    return out;
}

store::text_pairs describe_machine(sandbox::kind where, const sandbox::network_namespace& inside) {
    utsname system{};
    ::uname(&system);
    store::text_pairs out{{"firstfin", std::string(version)},
                          {"sandbox", std::string(to_text(where))},
                          {"boost", BOOST_LIB_VERSION},
                          {"compiler", __VERSION__},
                          {"kernel", std::string(system.sysname) + " " + system.release},
                          {"machine", system.machine},
                          {"processor", processor_name()},
                          {"processors", std::to_string(std::thread::hardware_concurrency())},
                          {"time_wait", "60 s (TCP_TIMEWAIT_LEN, fixed on Linux)"}};
    for (const auto* name : {"net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_tw_reuse", "net.ipv4.tcp_timestamps",
                             "net.ipv4.ip_local_port_range", "net.ipv4.tcp_rfc1337"})
        if (sandbox::has_sysctl(inside, name)) out.emplace_back(name, sandbox::get_sysctl(inside, name));
    return out;
}

store::text_pairs describe_environment(sandbox::kind where, const experiment::plan& what) {
    const bool host = where == sandbox::kind::loopback;
    // In a namespace made like a stage's: the host's own values may differ, and play no part there.
    auto out = describe_machine(where, host ? sandbox::network_namespace::own() : sandbox::network_namespace::create());
    out.insert(std::next(out.begin(), 2), {"witnesses", witnesses(where, what)});
    for (auto& one : program_versions(programs_of(what)))
        out.push_back(std::move(one));
    return out;
}

}  // namespace firstfin::cli
