#include "tests/harness/subjects/running_client.hpp"

#include <fstream>

#include "harness/subjects/find_program.hpp"

namespace firstfin::testing {

namespace fs = std::filesystem;

namespace {

void lay_out(const subjects::launch& what, const fs::path& folder) {
    for (const auto& file : what.files)
        std::ofstream(folder / file.name) << file.text;
    for (const auto& each : what.folders)
        fs::create_directories(folder / each);
}

sandbox::child_process start(const subjects::client_subject& subject, const subjects::launch& what,
                             const fs::path& folder, const sandbox::network_namespace* network,
                             const sandbox::pid_namespace* processes) {
    lay_out(what, folder);
    auto environment = what.environment;
    environment.emplace("HOME", folder);
    environment.emplace("TMPDIR", folder);
    const bool talkative = std::getenv("FIRSTFIN_TEST_TALK") != nullptr;
    return sandbox::child_process::start(
        {.program = what.program.empty() ? subjects::find_program(subject.comes_from).value() : what.program,
         .arguments = what.arguments,
         .environment = environment,
         .network = network,
         .processes = processes,
         .standard_output = sandbox::stream::devnull,
         .standard_error = talkative ? sandbox::stream::inherited : sandbox::stream::devnull});
}

/// Compiles once for the whole test program, as for a run.
const fs::path& built(const subjects::client_subject& subject) {
    static std::map<std::string_view, std::unique_ptr<test::temporary_folder>> folders;
    static std::map<std::string_view, fs::path> files;
    if (const auto known = files.find(subject.id); known != files.end()) return known->second;
    auto& folder = folders[subject.id] = std::make_unique<test::temporary_folder>();
    auto compiler = start(subject, subject.build->prepare(folder->path().string()), folder->path(), nullptr, nullptr);
    if (!compiler.wait().success()) throw std::runtime_error("it cannot be compiled");
    return files[subject.id] = folder->path() / subject.build->file;
}

sandbox::child_process start_client(const subjects::client_subject& subject, subjects::client_request asked,
                                    const fs::path& folder, const sandbox::network_namespace& network,
                                    const sandbox::pid_namespace& processes) {
    asked.folder = folder.string();
    if (subject.build) fs::copy_file(built(subject), folder / subject.build->file);
    return start(subject, subject.prepare(asked), folder, &network, &processes);
}

}  // namespace

std::optional<std::string> missing(const subjects::client_subject& subject) {
    const auto& from = subject.comes_from;
    if (from.programs.empty()) return std::nullopt;
    const auto found = subjects::find_program(from);
    if (!found) return subjects::remedy(from);
    if (from.probe.empty()) return std::nullopt;
    auto probe = sandbox::child_process::start({.program = *found,
                                                .arguments = {from.probe.begin(), from.probe.end()},
                                                .standard_error = sandbox::stream::devnull});
    return probe.wait().success() ? std::nullopt : std::optional(subjects::remedy(from));
}

running_client::running_client(const subjects::client_subject& subject, subjects::client_request asked,
                               const sandbox::network_namespace& network)
    : started_(steady::now()), client_(start_client(subject, std::move(asked), folder_.path(), network, processes_)) {}

}  // namespace firstfin::testing
