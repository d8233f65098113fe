#include "harness/experiment/program_request.hpp"

namespace firstfin::experiment {

namespace {

subjects::setting_names names_of_told(const program_choice& of) {
    subjects::setting_names out;
    for (const auto& [name, value] : of.told)
        out.insert(name);
    return out;
}

}  // namespace

subjects::server_request server_request_of(const settings& cell, const std::string& folder, std::uint16_t port) {
    subjects::server_request out;
    out.folder = folder;
    out.port = port;
    out.policy = cell.server;
    out.told = names_of_told(cell.server_program);
    out.options = cell.server_program.options;
    return out;
}

subjects::client_request client_request_of(const settings& cell, const std::string& folder, const std::string& host,
                                           std::uint16_t port) {
    subjects::client_request out;
    out.folder = folder;
    out.host = host;
    out.port = port;
    out.what = cell.scenario;
    out.policy = cell.client;
    out.told = names_of_told(cell.client_program);
    out.age = cell.browser_age;
    for (const auto& [name, value] : cell.client_preferences)
        if (value != "default") out.preferences.emplace(name, value);
    out.options = cell.client_program.options;
    return out;
}

}  // namespace firstfin::experiment
