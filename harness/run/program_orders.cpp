#include "harness/run/program_orders.hpp"

#include <fmt/format.h>

#include "core/parse_error.hpp"
#include "harness/experiment/program_request.hpp"
#include "harness/subjects/find_program.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::run {

namespace {

std::string path_of(std::string_view id, const subjects::installation& from, const subjects::launch& what) {
    if (!what.program.empty()) return what.program;
    if (auto found = subjects::find_program(from)) return *std::move(found);
    throw environment_lacks(fmt::format("{} is not here: {}", id, subjects::remedy(from)));
}

}  // namespace

program_order order_of(const experiment::nginx_server& what, const std::string& path) {
    program_order out;
    out.name = "the server with " + what.file;
    out.path = path;
    // The file may be somebody's own, of a server that runs: neither its logs nor its pid file are touched.
    out.what.arguments = {"--write-nothing",
                          "-p",
                          std::filesystem::path(what.file).parent_path().string() + "/",
                          "-c",
                          what.file,
                          "--nginx-version",
                          to_text(what.version)};
    out.listens = what.sockets;
    out.in_scratch = false;
    return out;
}

program_order server_order_of(const experiment::settings& cell) {
    const auto& subject = subjects::find_server(cell.server_program.id);
    program_order out;
    out.name = subject.id;
    out.what = subject.prepare(experiment::server_request_of(cell, sandbox::scratch_folder::path(), program_port));
    out.path = path_of(subject.id, subject.comes_from, out.what);
    return out;
}

program_order client_order_of(const experiment::settings& cell, const endpoint& server,
                              const std::optional<subjects::scratch_file>& built) {
    const auto& subject = subjects::find_client(cell.client_program.id);
    program_order out;
    out.name = subject.id;
    out.what = subject.prepare(experiment::client_request_of(cell, sandbox::scratch_folder::path(),
                                                             server.address().to_string(), server.port()));
    if (built) out.what.files.push_back(*built);
    out.path = path_of(subject.id, subject.comes_from, out.what);
    return out;
}

}  // namespace firstfin::run
