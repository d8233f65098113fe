#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "harness/validate/finding.hpp"
#include "harness/validate/peer.hpp"
#include "server/nginx_conf/settings.hpp"

// What operators write into their configuration for this tool, where nginx sees a comment:
//
//     # firstfin: client=aws-alb                who connects to the server around it (in http: to every server)
//     # firstfin: backend=node-http-server      what the upstream, or the location's pass, around it leads to
//     # firstfin: ignore=RULE reason            findings of that rule are known here, and why they are borne
//
// One comment may hold several KEY=VALUE words; `ignore` takes the rest of its line. It stands for the statements on
// its own line, or, alone on a line, for the next statement of its block.

namespace firstfin::validate {

enum class annotation_kind : std::uint8_t { client, backend, ignore };

/// The innermost http, server, location or upstream block around a comment; blocks in between (if, limit_except) do
/// not count.
struct enclosing_block {
    enum class kind : std::uint8_t {
        none,  ///< the main level
        http,
        server,
        location,
        upstream,
        other,  ///< inside of stream or mail: nothing there is judged
    };
    kind what = kind::none;
    nginx_conf::position where{};  ///< of the block's name; unknown for none

    friend bool operator==(const enclosing_block&, const enclosing_block&) = default;
};

struct annotation {
    annotation_kind kind{};
    std::string what{};            ///< who ("aws-alb", "idle=30s,mode=timer"), or the id of a rule
    std::string reason{};          ///< of ignore
    nginx_conf::position where{};  ///< of its key in the comment
    std::uint32_t first_line = 0;  ///< of ignore: findings on these lines of the comment's file are meant
    std::uint32_t last_line = 0;
    /// One, but for the top level of a file that is included at several places. Never null.
    std::shared_ptr<const std::vector<enclosing_block>> inside{};
};

/// Every annotation of a configuration without errors, in the order of its files and lines. Throws bad_input with
/// "file:line:column: what is wrong" of all that cannot be understood, a line each.
[[nodiscard]] std::vector<annotation> read_annotations(const nginx_conf::configuration& read);

/// Notes the reason in each finding that an annotation ignores. Returns what there is to remark: ignores that met no
/// finding, for most of them have outlived their cause; but not of rules that lacked something to judge by.
[[nodiscard]] std::vector<std::string> apply_ignores(const std::vector<annotation>& all,
                                                     const std::vector<std::string>& files,
                                                     std::vector<finding>& findings,
                                                     const std::vector<unjudged>& lacking = {});

/// The `client` annotations as what an option says: of every hop (those at http or main level), or of one server, by
/// the place of its block. Throws bad_input with the places of all whose peer is not known, or that stand where nothing
/// of http connects.
[[nodiscard]] std::vector<assigned_peers> annotated_clients(const std::vector<annotation>& all,
                                                            const nginx_conf::configuration& read,
                                                            const nginx_conf::http_settings& settings,
                                                            const catalogue& profiles);

/// The `backend` annotations: of the upstream around them, of what the location around them (or below it) passes to, of
/// everything a server passes to that has no nearer annotation, or of every hop.
[[nodiscard]] std::vector<assigned_peers> annotated_backends(const std::vector<annotation>& all,
                                                             const nginx_conf::configuration& read,
                                                             const nginx_conf::http_settings& settings,
                                                             const catalogue& profiles);

}  // namespace firstfin::validate
