#include "harness/subjects/registry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/parse_error.hpp"
#include "core/text_value.hpp"

namespace firstfin::subjects {

namespace {

template <class Subject>
const Subject& find(std::span<const Subject> all, std::string_view id, std::string_view kind) {
    const auto found = std::ranges::find(all, id, &Subject::id);
    if (found != all.end()) return *found;
    std::vector<std::string_view> names;
    for (const auto& one : all)
        names.push_back(one.id);
    const auto near = nearest_name(id, names);
    throw bad_input(
        fmt::format("unknown {} '{}'{}", kind, id,
                    near.empty() ? "; firstfin subjects lists them" : fmt::format("; did you mean '{}'?", near)));
}

}  // namespace

const server_subject& find_server(std::string_view id) {
    return find(all_servers(), id, "server program");
}

const client_subject& find_client(std::string_view id) {
    return find(all_clients(), id, "client program");
}

std::string authority(const client_request& of) {
    const bool v6 = of.host.find(':') != std::string::npos;
    return v6 ? fmt::format("[{}]:{}", of.host, of.port) : fmt::format("{}:{}", of.host, of.port);
}

}  // namespace firstfin::subjects
