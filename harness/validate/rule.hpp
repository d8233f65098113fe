#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
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
    /// Of one rule, one severity and one place there is one finding, which names all its hops and peers.
    void found(finding one);
    /// This rule lacks an option to judge by: "--rate".
    void needs(std::string_view rule, std::string_view option);

    [[nodiscard]] std::vector<finding>& findings() { return findings_; }
    [[nodiscard]] std::vector<unjudged>& lacking() { return lacking_; }

private:
    using place_key = std::tuple<std::string, severity, std::uint32_t, std::uint32_t, std::uint32_t>;

    std::vector<finding> findings_;
    std::map<place_key, std::size_t> places_;
    std::vector<unjudged> lacking_;
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
