#include "harness/doctor/programs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/subjects/installed.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::doctor {

namespace {

const subjects::installation tshark{.programs = {"tshark"}, .packages = {"tshark"}, .version_arguments = {"--version"}};

/// Adapters by what has to be installed for them.
struct family {
    subjects::installation from;
    std::vector<std::string> parts;  ///< "nginx as a server"
};

template <class Subject>
void add(std::vector<family>& into, std::span<const Subject> all, std::string_view side) {
    for (const auto& one : all) {
        if (one.comes_from.programs.empty()) continue;
        auto found = std::ranges::find(
            into, one.comes_from.packages, [](const auto& each) -> const auto& { return each.from.packages; });
        if (found == into.end()) found = into.insert(into.end(), {one.comes_from, {}});
        found->parts.push_back(fmt::format("{} as a {}", one.name, side));
    }
}

}  // namespace

std::vector<program> find_programs() {
    std::vector<family> families;
    add(families, subjects::all_servers(), "server");
    add(families, subjects::all_clients(), "client");
    std::vector<subjects::installation> questions;
    for (const auto& one : families)
        questions.push_back(one.from);
    questions.push_back(tshark);
    const auto answers = subjects::ask_installed(questions);

    std::vector<program> out;
    for (std::size_t at = 0; at < answers.size(); ++at) {
        const auto& from = questions[at];
        out.push_back({fmt::format("{}", fmt::join(from.packages, " ")),
                       fmt::format("{}", fmt::join(from.packages, " ")),
                       at < families.size() ? fmt::format("no trials with {}", fmt::join(families[at].parts, ", "))
                                            : "verdicts cannot be compared with an independent reading of the capture",
                       answers[at].usable() ? answers[at].path : "", answers[at].version});
    }
    return out;
}

}  // namespace firstfin::doctor
