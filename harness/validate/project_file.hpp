#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/validate/question_words.hpp"

// firstfin.toml, beside the configuration: what would otherwise be typed after `firstfin validate` each time, so that
// CI needs no options. All keys are optional; one that is not known is an error with its line and column.
//
//     [validate]
//     clients = ["browsers", "127.0.0.1:8443=cloudflare"]   # --client; one alone needs no list
//     backends = { api = "node-http-server" }               # --backend; a table names hops, too
//     rate = 500                                            # --rate
//     latency = "100ms"
//     connections = 20000
//     reloads_per_hour = 2
//     workers = 4
//     nginx_version = "1.22.1"
//     fail_on = "error"                                     # note, warning, error or never
//     [validate.rates]                                      # --rate HOP=N
//     "example.org:443" = 300
//     [validate.sysctl]                                     # or: sysctl = "this-machine"
//     net.ipv4.tcp_tw_reuse = 1

namespace firstfin::validate {

struct project_file {
    std::filesystem::path path;
    question_words words{};                ///< as if they had been typed
    std::optional<std::string> fail_on{};  ///< a word that --fail-on takes
};

inline constexpr std::string_view project_file_name = "firstfin.toml";

/// The one beside `configuration`: in its folder, in itself when it is a folder, or in the working folder for "-"; or
/// else, for parts in sites-enabled or conf.d, the one beside the nginx.conf up to two levels above. Nothing when there
/// is none. Throws bad_input as "file:line:column: what is wrong", for values as well.
[[nodiscard]] std::optional<project_file> project_file_beside(const std::filesystem::path& configuration,
                                                              const catalogue& profiles);

/// Throws as above, also when there is no such file.
[[nodiscard]] project_file read_project_file(const std::filesystem::path& path, const catalogue& profiles);

/// The command line wins: its options replace the file's keys of that name; of rates and sysctls, entry by entry.
[[nodiscard]] question_words combined(question_words command_line, const project_file& file);

}  // namespace firstfin::validate
