#include "server/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "core/profile.hpp"
#include "server/config_file.hpp"

namespace firstfin {

namespace {

constexpr auto about = "An HTTP/1.1 server that ends its connections exactly as it is told.";
constexpr auto examples =
    "Examples:\n"
    "  firstfin-server --listen 127.0.0.1:8080 --keepalive-timeout 65s\n"
    "      closes idle connections after 65 s; a line tells how each connection ended\n"
    "  firstfin-server --listen 127.0.0.1:8080 --keepalive-timeout 5s --keepalive-hint 4s\n"
    "      advertises 4 s and closes at 5 s\n"
    "  firstfin-server --listen [::1]:8080 --keepalive-timeout 0 --close-style linger\n"
    "      closes after each response, and drops input until the client closes too\n"
    "  firstfin-server --profile nginx --listen 127.0.0.1:8080 --listen 127.0.0.1:8081\n"
    "  firstfin-server --config server.toml\n"
    "      [[listen]] tables: address = \"127.0.0.1:8080\", keepalive_timeout = \"65s\", ...\n"
    "  firstfin-server -p /srv/site -c nginx.conf -g \"daemon off;\"\n"
    "      serves an nginx configuration as that nginx would: same headers, same closer, same moment\n"
    "  firstfin-server -p /srv/site -c nginx.conf -s reload\n"
    "      stop, quit, reload or reopen: signals the one whose pid file that configuration names\n"
    "  firstfin-server -t -p /etc/nginx -c nginx.conf --nginx-version 1.22.1\n"
    "      tests an nginx configuration as nginx -t does: every error at once; exit code 0 or 1\n"
    "\n"
    "SIGTERM or Ctrl-C stops at once; SIGQUIT finishes the requests under way first. With an nginx configuration "
    "SIGHUP\n"
    "reads it again and SIGUSR1 opens its logs again; without \"daemon off;\" it goes to the background.\n"
    "What is not written is where a plain nginx has it: conf/nginx.conf, logs/nginx.pid and logs/access.log below -p;\n"
    "as root its workers are nobody. Errors go to standard error until error_log names a file.\n"
    "Exit code: 0 fine, 2 wrong options or file, 3 this machine lacks something (a port is in use); with an nginx\n"
    "configuration as nginx: 0 fine, 1 not.";

constexpr auto see_help = "firstfin-server --help shows the options";

std::string option_name(std::string_view field_name) {
    std::string out = "--" + std::string(field_name);
    std::ranges::replace(out, '_', '-');
    return out;
}

/// The settings as they were typed, in the order of the fields: the idle limit comes before the window it would move.
using typed_settings = std::vector<std::string>;

server_policy policy_of(const std::string& profile_id, const typed_settings& typed) {
    server_policy policy;
    const auto fields = fields_of(policy);
    if (!profile_id.empty()) {
        const auto all = catalogue::load_installed();
        const auto& chosen = all.server(profile_id);
        policy = *chosen.server;
        const auto timeout = std::ranges::find(fields, "keepalive_timeout", &field<server_policy>::name);
        if (chosen.needs_timeout && typed[static_cast<std::size_t>(timeout - fields.begin())].empty())
            throw bad_input(fmt::format("the profile '{}' has no built-in limit: give --keepalive-timeout", chosen.id));
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (!typed[i].empty())
            if (const auto failed = apply(fields[i], typed[i], policy))
                throw bad_input(fmt::format("{}: {}", option_name(fields[i].name), failed->message));
    return policy;
}

[[noreturn]] void refuse(const CLI::App& app, const CLI::ParseError& failed) {
    std::string hint;
    std::vector<std::string> names;
    for (const auto* option : app.get_options())
        names.push_back(option->get_name());
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const auto& word : app.remaining())
        if (const auto near = word.starts_with("--") ? nearest_name(word, known) : std::string_view{}; !near.empty())
            hint += fmt::format("\ndid you mean {} instead of {}?", near, word);
    throw bad_input(fmt::format("{}{}\n{}", failed.what(), hint, see_help));
}

/// CLI11's own excludes() would fill the help text with every pair.
void refuse_beside(const CLI::Option& chosen, const std::vector<const CLI::Option*>& others) {
    if (chosen.count() == 0) return;
    for (const auto* other : others)
        if (other->count() != 0)
            throw bad_input(
                fmt::format("{} and {} do not go together\n{}", chosen.get_name(), other->get_name(), see_help));
}

/// What nginx's own command line has.
struct nginx_options {
    std::string conf = nginx::default_conf;
    std::string prefix = nginx::default_prefix;
    std::string directives;
    std::string error_log;
    std::string signal;
    std::string version;
    bool tests = false;
    bool dumps = false;
    bool quiet = false;
    bool shows_version = false;
    bool shows_build = false;
    bool writes_nothing = false;

    std::vector<const CLI::Option*> add_to(CLI::App& app) {
        std::vector<CLI::Option*> all{
            app.add_option("-p", prefix, "the folder relative paths start from [/usr/local/nginx]")->type_name("DIR"),
            app.add_option("-c", conf, "the configuration [conf/nginx.conf]")->type_name("FILE"),
            app.add_option("-g", directives, "directives of the main level, before the file's")->type_name("TEXT"),
            app.add_option("-e", error_log, "the error log until the configuration names one")->type_name("FILE"),
            app.add_option("-s", signal, "signal the running one: stop, quit, reload, reopen")->type_name("WORD"),
            app.add_flag("-t", tests, "test the configuration, and exit"),
            app.add_flag("-T", dumps, "the same, and print every file it reads"),
            app.add_flag("-q", quiet, "with -t: print errors alone"),
            app.add_flag("-v", shows_version, "print the version, and exit"),
            app.add_flag("-V", shows_build, "the same, and what is not built in"),
            app.add_option("--nginx-version", version, "the nginx that is meant [newest known]")->type_name("X.Y.Z"),
            app.add_flag("--write-nothing", writes_nothing,
                         "no logs, no pid file, no change of user, in the foreground; errors on standard error")};
        for (auto* each : all)
            each->group("nginx configuration");
        return {all.begin(), all.end()};
    }

    void put_into(command_line& out) const {
        const auto meant =
            version.empty() ? nginx_conf::newest_known : nginx_conf::parse_nginx_version(version).value();
        if (shows_build) {
            out.prints = nginx::build_lines(meant);
        } else if (shows_version) {
            out.prints = nginx::version_line(meant);
        } else if (tests || dumps) {
            out.test = configuration_test{conf, with_slash(prefix), directives, dumps, quiet, meant};
        } else {
            out.as_nginx =
                nginx::invocation{with_slash(prefix), conf, directives, error_log, signal, meant, writes_nothing};
        }
    }

    static std::string with_slash(std::string folder) {
        if (!folder.empty() && !folder.ends_with('/')) folder += '/';
        return folder;
    }
};

/// The first of these that was typed; null when none was.
const CLI::Option* given(const std::vector<const CLI::Option*>& options) {
    for (const auto* each : options)
        if (each->count() != 0) return each;
    return nullptr;
}

}  // namespace

std::optional<command_line> read_command_line(int argc, const char* const* argv) {
    command_line out;
    std::vector<std::string> addresses;
    std::string profile_id;
    std::string config;
    bool json = false;
    bool quiet = false;

    CLI::App app(about, "firstfin-server");
    app.footer(examples);
    app.get_formatter()->column_width(28);
    auto* listen = app.add_option("--listen", addresses, "address and port; may be given several times");
    listen->type_name("ADDRESS:PORT")->expected(1)->take_all();
    auto* profile = app.add_option("--profile", profile_id, "start from the policy of real software");
    profile->type_name("ID");
    auto* config_file = app.add_option("--config", config, "read listeners and policies from a TOML file");
    config_file->type_name("FILE");
    auto* json_lines = app.add_flag("--json", json, "print events as JSON lines");
    auto* silent = app.add_flag("--quiet", quiet, "print nothing while running");
    auto* role =
        app.add_flag("--role", out.role, "order on standard input, events on standard output; for firstfin itself");

    nginx_options nginx;
    const auto for_nginx = nginx.add_to(app);

    const server_policy defaults;
    typed_settings typed(fields_of(defaults).size());
    std::vector<const CLI::Option*> by_hand{listen, profile};
    for (std::size_t i = 0; const auto& each : fields_of(defaults)) {
        const auto text = fmt::format("{} [{}]", each.meaning, each.write(defaults));
        by_hand.push_back(app.add_option(option_name(each.name), typed[i++], text)->type_name("")->group("Policy"));
    }

    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp& help) {
        app.exit(help);
        return std::nullopt;
    } catch (const CLI::ParseError& failed) {
        refuse(app, failed);
    }
    refuse_beside(*config_file, by_hand);
    refuse_beside(*json_lines, {silent});
    by_hand.insert(by_hand.end(), {config_file, json_lines, silent});
    refuse_beside(*role, by_hand);

    by_hand.push_back(role);
    if (const auto* chosen = given(for_nginx)) {
        refuse_beside(*chosen, by_hand);
        nginx.put_into(out);
        return out;
    }

    if (json) out.shows = command_line::output::json;
    if (quiet) out.shows = command_line::output::nothing;
    if (out.role) return out;
    if (!config.empty()) {
        out.listeners = read_config_file(config);
        return out;
    }
    if (addresses.empty())
        throw bad_input(
            fmt::format("nothing to listen on: give --listen 127.0.0.1:8080 or --config FILE\n{}", see_help));
    const auto policy = policy_of(profile_id, typed);
    for (const auto& text : addresses) {
        const auto where = parse_endpoint(text);
        if (!where) throw bad_input(fmt::format("--listen: {}", where.error().message));
        out.listeners.push_back({*where, policy, text});
    }
    return out;
}

}  // namespace firstfin
