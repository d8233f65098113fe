#pragma once

#include <string>
#include <vector>

#include "harness/validate/finding.hpp"
#include "harness/validate/hop.hpp"
#include "harness/validate/outlook.hpp"
#include "harness/validate/system_figures.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::validate {

/// What is asked of a configuration that was read.
struct question {
    nginx_conf::nginx_version version = nginx_conf::newest_known;
    bool version_given = false;
    std::vector<assigned_peers> clients;
    std::vector<assigned_peers> backends;
    workload traffic;
    system_figures system;
};

/// One line of the table of hops.
struct hop_row {
    std::string hop;
    bool inward = true;  ///< comes to nginx; otherwise nginx connects
    std::string peer;    ///< its id; empty: nobody said
    std::string says;    ///< instead of an outlook: why nothing is known ("variables decide where it goes")
    outlook ahead;
};

/// The whole answer: values only, but for positions, which count in `read`.
struct validation {
    nginx_conf::configuration read;
    question asked;
    std::vector<hop_row> rows;
    std::vector<finding> findings;  ///< by file, line, column, rule; ignored ones too
    std::vector<unjudged> not_judged;
    std::vector<std::string> remarks;  ///< of the reader, and peers given for hops that do not exist

    [[nodiscard]] bool has_at_least(severity level) const;  ///< findings that nobody ignores
};

/// Judges a configuration without errors. Takes the annotations in it ("# firstfin: ...") into account.
/// Throws bad_input with the place for an annotation that cannot be understood.
[[nodiscard]] validation validate(nginx_conf::configuration read, question asked, const catalogue& profiles);

}  // namespace firstfin::validate
