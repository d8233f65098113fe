#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <optional>

#include "harness/cli/command.hpp"
#include "harness/cli/validate_measure.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/report/text_options.hpp"
#include "harness/validate/fixing/fixing.hpp"
#include "harness/validate/printing/printing.hpp"
#include "harness/validate/project_file.hpp"
#include "harness/validate/question_words.hpp"
#include "harness/validate/sources.hpp"

namespace firstfin::cli {

namespace {

namespace val = validate;

struct given_options {
    std::string path;
    std::string context;
    val::question_words words;
    std::string fail_on;
    std::string format = "text";
    std::string why;
    bool lists_rules = false;
    bool fixes = false;
    bool writes = false;
    bool measures = false;
    std::string measure_for = "20s";
    std::uint32_t replicates = 5;
};

int explain_rule(const std::string& id) {
    const auto width = report::text_options_for(STDOUT_FILENO).width;
    if (const auto* found = val::find_rule(id)) {
        fmt::print("{}", val::printing::why_text(*found, width));
        return exit_code::fine;
    }
    std::vector<std::string_view> names;
    for (const auto& one : val::all_rules())
        names.push_back(one.id);
    const auto near = nearest_name(id, names);
    throw bad_input(fmt::format("no rule is called '{}'; {}", report::shown(id),
                                near.empty() ? "--rules lists them" : fmt::format("did you mean '{}'?", near)));
}

std::optional<val::severity> failing(const std::string& fail_on) {
    if (fail_on == "never") return std::nullopt;
    return *parse_enum<val::severity>(fail_on.empty() ? "warning" : fail_on);
}

/// Whether anything was found that the caller wants to fail for.
bool fails(const val::validation& made, const std::string& fail_on) {
    const auto from = failing(fail_on);
    return from && made.has_at_least(*from);
}

std::string printed(const val::validation& made, const given_options& given) {
    namespace as = val::printing;
    if (given.format == "json") return as::as_json(made);
    if (given.format == "sarif") return as::as_sarif(made, std::filesystem::current_path());
    if (given.format == "junit") return as::as_junit(made, failing(given.fail_on), std::filesystem::current_path());
    if (given.format == "github") return as::as_github(made, std::filesystem::current_path());
    return as::as_text(made, report::text_options_for(STDOUT_FILENO));
}

/// --fix: the diff is the output, so that `patch -p1` takes it; what there is to say goes to standard error.
int fix(const given_options& given, const val::validation& judged, const val::question& asked,
        const catalogue& profiles) {
    const auto how = report::text_options_for(STDOUT_FILENO);
    const auto width = report::text_options_for(STDERR_FILENO).width;
    const auto offered = val::fixing::offer_fixes(
        judged, [&](nginx_conf::configuration read) { return val::validate(std::move(read), asked, profiles); }, width);
    if (!given.writes) {
        std::cout << (::isatty(STDOUT_FILENO) != 0 ? val::fixing::shown_diff(offered.diff, how) : offered.diff);
        std::cout.flush();
        fmt::print(stderr, "{}{}", offered.words, offered.hint);
        return fails(judged, given.fail_on) ? exit_code::findings : exit_code::fine;
    }
    const auto written = val::fixing::write_fixes(judged, offered, width);
    fmt::print("{}{}", offered.words, written.words);
    if (!written.complete) return exit_code::findings;
    return fails(offered.after, given.fail_on) ? exit_code::findings : exit_code::fine;
}

/// The whole answer of --measure: what was judged, and then what was measured of it.
int measure(const given_options& given, const val::validation& judged, const catalogue& profiles) {
    const auto wanted = parse_duration(given.measure_for);
    if (!wanted || *wanted <= duration::zero())
        throw bad_input(fmt::format("--measure-for: expected a time such as 20s, not '{}'", given.measure_for));
    const auto made = measure_now(judged, {*wanted, given.replicates}, profiles);
    const auto width = report::text_options_for(STDOUT_FILENO).width;
    if (given.format == "json")
        std::cout << val::printing::as_json(judged, val::measure::as_json(made.answers));
    else
        std::cout << val::printing::as_text(judged, report::text_options_for(STDOUT_FILENO)) << '\n'
                  << val::measure::as_text(made.answers, width);
    std::cout.flush();
    fmt::print(stderr, "kept in {}; again: firstfin report {}/order\n", made.folder.string(), made.folder.string());
    if (made.outcome.interrupted) return exit_code::interrupted;
    if (!made.outcome.stopped_by.empty()) throw environment_lacks("stopped: " + made.outcome.stopped_by);
    const bool fine = made.answers.all_as_predicted() && !fails(judged, given.fail_on);
    return fine ? exit_code::fine : exit_code::findings;
}

int judge(given_options given) {
    if (given.lists_rules) {
        fmt::print("{}", given.format == "json"
                             ? val::printing::rules_json()
                             : val::printing::rules_text(report::text_options_for(STDOUT_FILENO).width));
        return exit_code::fine;
    }
    if (!given.why.empty()) return explain_rule(given.why);
    if (given.path.empty())
        throw bad_input("validate what? Name an nginx.conf, a folder such as /etc/nginx, or - for standard input");
    const auto profiles = catalogue::load_installed();
    if (const auto file = val::project_file_beside(given.path, profiles)) {
        given.words = val::combined(std::move(given.words), *file);
        if (given.fail_on.empty()) given.fail_on = file->fail_on.value_or("");
    }
    if (given.writes && !given.fixes) throw bad_input("--write goes with --fix");
    if (given.measures && given.format != "text" && given.format != "json")
        throw bad_input(fmt::format("--measure prints text or json, not {}", given.format));
    if (given.fixes && given.measures) throw bad_input("--fix and --measure are two questions: ask one at a time");
    const auto asked = val::to_question(given.words, profiles);
    std::optional<val::part_context> context;
    if (!given.context.empty()) context = *parse_enum<val::part_context>(given.context);
    auto source = val::read_source({given.path, context, asked.version}, std::cin);
    auto made = val::validate(std::move(source.read), asked, profiles);
    made.remarks.insert(made.remarks.begin(), source.remarks.begin(), source.remarks.end());
    if (given.fixes) return fix(given, made, asked, profiles);
    if (given.measures) return measure(given, made, profiles);
    std::cout << printed(made, given);
    return fails(made, given.fail_on) ? exit_code::findings : exit_code::fine;
}

}  // namespace

void add_validate(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<given_options>();
    auto* command = program.add_subcommand(
        "validate", "Judge an nginx configuration: who closes first on every hop, what is lost, what to change");
    command->add_option("CONFIGURATION", given->path,
                        "an nginx.conf, a folder such as /etc/nginx, conf.d or sites-enabled, or - for standard input");
    for (const auto& one : val::question_options)
        command->add_option(std::string(one.name), given->words.*(one.into), std::string(one.meaning))
            ->take_all()
            ->expected(1)
            ->allow_extra_args(false);
    command->add_option("--context", given->context, "the file is a part: what is around it (http, server, location)")
        ->check(CLI::IsMember({"http", "server", "location"}));
    command->add_option("--fail-on", given->fail_on, "exit with 1 from here on: note, warning (default), error, never")
        ->check(CLI::IsMember({"note", "warning", "error", "never"}));
    command->add_option("--format", given->format, "text, json, sarif (2.1.0), junit or github (workflow commands)")
        ->check(CLI::IsMember({"text", "json", "sarif", "junit", "github"}));
    command->add_flag("--fix", given->fixes, "show the safe one-line fixes as a diff, for patch -p1");
    command->add_flag("--write", given->writes, "with --fix: make them, in the files");
    command->add_flag("--measure", given->measures,
                      "put it to the test: the built-in server and client play every hop in a sandbox");
    command->add_option("--measure-for", given->measure_for,
                        "scale times so that the longest idle close takes this long (20s); more than it is: real time");
    command->add_option("--replicates", given->replicates, "trials of each pair that is measured (5)")
        ->check(CLI::Range(1, 1000));
    command->add_option("--why", given->why, "explain a rule: why it matters, what to do, its sources");
    command->add_flag("--rules", given->lists_rules, "list all rules");
    command->footer(
        "A firstfin.toml beside the configuration holds the same options for CI. Comments in the configuration do, "
        "too:\n"
        "  # firstfin: client=aws-alb         who connects to the server around it\n"
        "  # firstfin: backend=uvicorn        what the upstream, or the location, around it leads to\n"
        "  # firstfin: ignore=RULE reason     of the next statement\n"
        "Examples:\n"
        "  firstfin validate /etc/nginx/nginx.conf --client browsers --client aws-alb --backend node-http-server\n"
        "  firstfin validate nginx.conf --balancer gcp-global-alb --rate 500 --nginx-version 1.22.1\n"
        "  firstfin validate conf.d --context http --backend app='idle=5s' --format json\n"
        "  firstfin validate nginx.conf --client aws-alb --backend uvicorn --measure\n"
        "  firstfin validate nginx.conf --client aws-alb --fix\n"
        "  firstfin validate nginx.conf --format sarif > firstfin.sarif\n"
        "  firstfin validate --why upstream-outlives-backend\n"
        "Exit code: 0 fine, 1 findings at or above --fail-on, 2 the configuration or an option is wrong");
    command->callback([given, &chosen] { chosen = [given] { return judge(*given); }; });
}

}  // namespace firstfin::cli
