#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/client_policy.hpp"
#include "core/scenario.hpp"
#include "core/server_policy.hpp"

// External programs that play a side: what it takes to start each one, as values. Whoever starts them is harness/run.

namespace firstfin::subjects {

/// A file in the program's scratch folder.
struct scratch_file {
    std::string name;  ///< relative to that folder, without subfolders
    std::string text;
    bool executable = false;
};

/// A program ready to be executed. Everything it writes belongs into its scratch folder: a file system of its own in
/// memory that nobody else sees and that goes with the last process in it, however that ends.
struct launch {
    std::string program = {};  ///< empty: what find_program() found
    std::vector<std::string> arguments = {};
    std::map<std::string, std::string> environment = {};  ///< on top of ours; HOME and TMPDIR are the scratch folder
    std::vector<scratch_file> files = {};
    std::vector<std::string> folders = {};  ///< in the scratch folder, writable for every user; "tmp" is there
};

/// Names of policy settings, without "server." or "client.".
using setting_names = std::set<std::string, std::less<>>;

/// What a server is wanted to do. It listens on 0.0.0.0, serves a page at every path, in the foreground, with what it
/// has to say on standard error, and as the user that started it where it can.
struct server_request {
    std::string folder;  ///< its scratch folder, as it will see it: "/mnt"
    std::uint16_t port = 0;
    server_policy policy;
    /// The settings that a person chose. The program is told these and no others: its own defaults are under test.
    setting_names told;
    std::map<std::string, std::string> options = {};  ///< of this subject alone: `command`, `template`
};

/// What a client is wanted to do: `what.requests` requests, `what.gap` apart, on one connection, and then nothing, with
/// the connection still pooled, until it is killed.
struct client_request {
    std::string folder;
    std::string host;  ///< an address; IPv6 without brackets
    std::uint16_t port = 0;
    scenario what;
    client_policy policy;
    setting_names told;
    duration age{};                                       ///< from the process's start to its first request
    std::map<std::string, std::string> preferences = {};  ///< of a browser, name to value as it is written in a file
    std::map<std::string, std::string> options = {};
};

/// Where the program comes from.
struct installation {
    std::vector<std::string_view>
        programs;  ///< names in PATH, the first that is there is taken; a path stands for itself
    std::vector<std::string_view> packages;  ///< of Debian
    std::vector<std::string_view> version_arguments;
    /// Modules that must be there beside the program, as arguments that make it exit with 0 then; empty: none.
    std::vector<std::string_view> probe = {};
};

struct server_subject {
    std::string_view id;       ///< what an experiment calls it: "apache-httpd"
    std::string_view name;     ///< what people call it
    std::string_view profile;  ///< of the catalogue: what it does unless told otherwise; empty: nobody knows
    installation comes_from;
    setting_names takes;  ///< server settings it can be told
    launch (*prepare)(const server_request&);
    std::optional<int> reload_signal = {};  ///< to its first process
    std::optional<int> quit_signal = {};    ///< ends it gracefully
};

struct client_subject {
    std::string_view id;
    std::string_view name;
    std::string_view profile;
    installation comes_from;
    setting_names takes;            ///< client settings it can be told
    std::set<scenario_kind> plays;  ///< what it can be made to do
    bool has_age = false;           ///< its first request can be put off
    bool has_preferences = false;
    std::uint64_t memory = 64 << 20;  ///< bytes that one takes, its children included: bounds how many go at once
    duration spacing{};               ///< between two starts, so that one's start does not delay another's timers
    duration patience = std::chrono::seconds(10);  ///< from its start to its first request, age aside
    bool ends_by_itself = false;                   ///< its end is part of what it does, not a failure
    launch (*prepare)(const client_request&);
    /// Compiles what prepare() needs, once for a run: the file goes into every scratch folder. Its `launch` writes
    /// `file` into its scratch folder and exits with 0.
    struct build_step {
        std::string_view file;
        launch (*prepare)(std::string_view folder);
    };
    std::optional<build_step> build = {};
};

/// Address and port as a URL has them.
[[nodiscard]] std::string authority(const client_request& of);

}  // namespace firstfin::subjects
