#pragma once

#include <string>
#include <vector>

#include "harness/report/text_options.hpp"
#include "harness/subjects/installed.hpp"

// `firstfin subjects`: the programs that can play a side, and which of them are here.

namespace firstfin::doctor {

struct listed_subject {
    bool is_server = false;
    std::string id;
    std::string name;
    std::string profile;             ///< of the catalogue; empty: none
    std::vector<std::string> takes;  ///< settings it can be told, without "server." or "client."
    std::string remedy;              ///< the line that installs it; empty: nothing to install
    subjects::installed here;
};

/// All adapters, servers first, each asked for its version.
[[nodiscard]] std::vector<listed_subject> list_subjects();

[[nodiscard]] std::string to_text(const std::vector<listed_subject>& list, const report::text_options& options);
[[nodiscard]] std::string to_json(const std::vector<listed_subject>& list);

}  // namespace firstfin::doctor
