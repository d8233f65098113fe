#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "harness/validate/finding.hpp"
#include "harness/validate/hop.hpp"
#include "harness/validate/system_figures.hpp"

namespace firstfin::validate {

/// Everything a rule may look at.
struct facts {
    const nginx_conf::configuration& read;
    const nginx_conf::http_settings& all;
    const hops& ways;
    const workload& traffic;
    const system_figures& system;
};

/// Where rules put what they found.
class complaints {
public:
    void found(finding one) { findings_.push_back(std::move(one)); }
    /// This rule lacks an option to judge by: "--rate".
    void needs(std::string_view rule, std::string_view option);

    [[nodiscard]] std::vector<finding>& findings() { return findings_; }
    [[nodiscard]] std::vector<not_judged>& lacking() { return lacking_; }

private:
    std::vector<finding> findings_;
    std::vector<not_judged> lacking_;
};

/// One way to lose requests or to pay for connections. Each stands in a file of its own under rules/.
struct rule {
    std::string_view id;
    std::string_view title;   ///< a line
    severity highest;         ///< the worst it reports
    std::string_view why;     ///< a paragraph
    std::string_view mend;    ///< what to change, in general
    std::string_view source;  ///< nginx function, RFC section, vendor page
    void (*look)(const facts&, complaints&);
};

[[nodiscard]] std::span<const rule> all_rules();
/// Null when there is none of that id.
[[nodiscard]] const rule* find_rule(std::string_view id);

}  // namespace firstfin::validate
