#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <ctime>

#include "core/descriptor_limit.hpp"
#include "core/profile.hpp"
#include "harness/cli/command.hpp"
#include "harness/cli/execution.hpp"
#include "harness/cli/show_report.hpp"
#include "harness/profile_check/findings.hpp"
#include "harness/report/table.hpp"
#include "harness/report/terminal_text.hpp"
#include "harness/report/text_options.hpp"
#include "harness/run/preflight.hpp"
#include "harness/sandbox/user_namespace.hpp"

namespace firstfin::cli {

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

struct profiles_options {
    std::vector<std::string> ids;
    std::string role;
    std::string format = "text";
    std::string out;
    std::uint32_t replicates = 3;
};

std::string limit_words(const profile& one) {
    if (one.needs_timeout) return "as configured";
    return to_text(one.client ? one.client->idle_timeout : one.server->keepalive_timeout);
}

std::string window_words(const profile& one) {
    const auto& window = one.client ? one.client->close_window : one.server->close_window;
    return window ? to_text(*window) : "";
}

std::string mode_words(const profile& one) {
    return one.client ? std::string(to_text(one.client->mode)) : "timer";
}

std::string hint_words(const profile& one) {
    if (one.server)
        return one.server->keepalive_hint == duration::zero() ? "" : "sends " + to_text(one.server->keepalive_hint);
    if (one.client->hint == hint_use::ignore) return "ignores";
    const auto slack = one.client->hint_slack == duration::zero() ? "" : " minus " + to_text(one.client->hint_slack);
    return (one.client->hint == hint_use::shorten ? "shortens by it" : "follows it") + slack;
}

std::string retry_words(const profile& one) {
    return one.client ? std::string(to_text(one.client->retry)) : "";
}

json::object json_of(const profile& one) {
    return {{"id", one.id},
            {"name", one.name},
            {"role", to_text(one.role)},
            {"idle_limit", limit_words(one)},
            {"close_window", window_words(one)},
            {"mode", mode_words(one)},
            {"hint", hint_words(one)},
            {"retry", retry_words(one)},
            {"checked_version", one.checked_version},
            {"source", one.source},
            {"confidence", one.confidence},
            {"measured", one.measured},
            {"note", one.note}};
}

std::string list_as_text(const std::vector<profile>& list) {
    report::table rows({{"profile"},
                        {"role", report::align::left, 3},
                        {"idle limit"},
                        {"closes within", report::align::left, 1},
                        {"mode", report::align::left, 2},
                        {"hint", report::align::left, 4},
                        {"retries", report::align::left, 5},
                        {"confidence", report::align::left, 6}});
    for (const auto& one : list)
        rows.add_row({one.id, std::string(to_text(one.role)), limit_words(one), window_words(one), mode_words(one),
                      hint_words(one), retry_words(one), one.confidence});
    return rows.text(report::text_options_for(STDOUT_FILENO).width);
}

std::string whole_as_text(const profile& one) {
    const auto width = report::text_options_for(STDOUT_FILENO).width;
    auto out = report::paragraph(fmt::format("{}: {} ({})", one.id, one.name, to_text(one.role)), width, 2);
    const auto line = [&](std::string_view name, const std::string& text) {
        if (!text.empty()) out += "  " + report::paragraph(fmt::format("{}: {}", name, text), width - 2, 4);
    };
    line("idle limit", limit_words(one));
    line("closes within", window_words(one));
    line("mode", mode_words(one));
    line("hint", hint_words(one));
    line("retries", retry_words(one));
    line("measured", one.measured);
    line("version", one.checked_version);
    line("source", one.source);
    line("confidence", one.confidence);
    line("note", one.note);
    return out;
}

/// Either side's: the id whole, or a family's name.
const profile& find(const catalogue& all, const std::string& id) {
    std::vector<std::string_view> names;
    for (const auto& one : all.all()) {
        if (one.id == id) return one;
        names.push_back(one.id);
    }
    for (const bool client : {true, false})
        try {
            return client ? all.client(id) : all.server(id);
        } catch (const bad_input&) {
        }
    const auto near = nearest_name(id, names);
    throw bad_input(
        fmt::format("no profile is called '{}'; {}", id,
                    near.empty() ? "`firstfin profiles` lists them" : fmt::format("did you mean '{}'?", near)));
}

std::vector<profile> chosen_profiles(const profiles_options& given) {
    const auto all = catalogue::load_installed();
    std::vector<profile> out;
    for (const auto& id : given.ids)
        out.push_back(find(all, id));
    if (given.ids.empty()) out = all.all();
    if (!given.role.empty()) std::erase_if(out, [&](const auto& one) { return to_text(one.role) != given.role; });
    return out;
}

int list(const profiles_options& given) {
    const auto chosen = chosen_profiles(given);
    if (given.format == "json") {
        json::array rows;
        for (const auto& one : chosen)
            rows.push_back(json_of(one));
        fmt::print("{}\n", json::serialize(json::object{{"schema", 1}, {"profiles", std::move(rows)}}));
    } else if (given.ids.empty()) {
        fmt::print("{}", list_as_text(chosen));
    } else {
        for (const auto& one : chosen)
            fmt::print("{}{}", &one == &chosen.front() ? "" : "\n", whole_as_text(one));
    }
    return exit_code::fine;
}

struct checked {
    const profile* claimed;
    std::string version;
    fs::path folder;
    std::vector<profile_check::finding> findings;
};

std::string value_of(const store::text_pairs& pairs, std::string_view name) {
    const auto found = std::ranges::find(pairs, name, &store::text_pairs::value_type::first);
    return found == pairs.end() ? "" : found->second;
}

std::string checked_as_text(const std::vector<checked>& all, const std::string& date) {
    report::table rows({{"profile"}, {"of"}, {"claimed"}, {"measured"}, {"holds"}});
    for (const auto& one : all)
        for (const auto& finding : one.findings)
            rows.add_row(
                {one.claimed->id, finding.what, finding.claimed, finding.measured, finding.holds ? "yes" : "NO"});
    const auto width = report::text_options_for(STDOUT_FILENO).width;
    auto out = rows.text(width) + "\n";
    for (const auto& one : all)
        out += report::paragraph(fmt::format("{}: {}, measured {}; checked before: {}", one.claimed->id,
                                             report::shown(one.version), date, one.claimed->checked_version),
                                 width, 2);
    return out;
}

std::string checked_as_json(const std::vector<checked>& all, const std::string& date) {
    json::array profiles;
    for (const auto& one : all) {
        json::array findings;
        for (const auto& each : one.findings)
            findings.push_back(
                {{"of", each.what}, {"claimed", each.claimed}, {"measured", each.measured}, {"holds", each.holds}});
        profiles.push_back({{"id", one.claimed->id},
                            {"version", one.version},
                            {"date", date},
                            {"run", one.folder.string()},
                            {"findings", std::move(findings)}});
    }
    return json::serialize(json::object{{"schema", 1}, {"checked", std::move(profiles)}}) + "\n";
}

std::vector<experiment::plan> questions_to(const std::vector<profile>& chosen, std::uint32_t replicates,
                                           const catalogue& profiles) {
    std::vector<experiment::plan> out;
    for (const auto& one : chosen) {
        const auto subject = profile_check::subject_of(one);
        if (!subject)
            throw bad_input(
                fmt::format("{}: no program here plays that; `firstfin subjects` tells which profiles can be "
                            "checked",
                            one.id));
        out.push_back(experiment::make_plan(profile_check::questions(one, *subject, replicates), profiles,
                                            experiment::scale_sensitive_cells::leave_out));
    }
    return out;
}

int check(const profiles_options& given) {
    const auto chosen = chosen_profiles(given);
    auto plans = questions_to(chosen, given.replicates, catalogue::load_installed());
    const auto needs = run::needs_of(plans, raise_descriptor_limit(), run::available_memory());
    run::check_needs(needs);
    duration longest{};
    for (const auto& each : plans) {
        run::check_programs(each);
        longest = std::max(longest, run::expected_wall(each, run::memory_for_programs()));
    }
    fmt::print(stderr, "asking {} program{}: done in about {:.0f} s\n", plans.size(), plans.size() == 1 ? "" : "s",
               seconds_of(longest));
    const auto where = sandbox::choose_sandbox(std::nullopt);
    if (where == sandbox::kind::userns)
        if (const auto ended = sandbox::continue_in_user_namespace()) sandbox::end_like(*ended);

    const auto now = fmt::localtime(std::time(nullptr));
    const auto home = given.out.empty()
                          ? fs::path("results") / "local" / fmt::format("profiles-check-{:%Y%m%d-%H%M%S}", now)
                          : fs::path(given.out);
    std::vector<checked> answers;
    std::vector<fs::path> folders;
    for (const auto& one : chosen) {
        folders.push_back(home / one.id);
        answers.push_back({&one, {}, folders.back(), {}});
    }
    const auto outcome = execute(std::move(plans), folders, {where, false, needs.trials_per_pair}, [&] {
        const auto runs = summaries_of(folders);
        for (std::size_t at = 0; at < answers.size(); ++at) {
            answers[at].findings = profile_check::findings(*answers[at].claimed, runs[at]);
            answers[at].version =
                value_of(runs[at].run.environment, profile_check::subject_of(*answers[at].claimed).value());
        }
    });
    const auto date = fmt::format("{:%Y-%m-%d}", now);
    fmt::print("{}", given.format == "json" ? checked_as_json(answers, date) : checked_as_text(answers, date));
    fmt::print(stderr, "kept in {}; again: firstfin report {}\n", home.string(), folders.front().string());
    if (outcome.interrupted) return exit_code::interrupted;
    if (!outcome.stopped_by.empty()) throw environment_lacks("stopped: " + outcome.stopped_by);
    const auto all_hold = [](const checked& one) {
        return std::ranges::all_of(one.findings, &profile_check::finding::holds);
    };
    return std::ranges::all_of(answers, all_hold) ? exit_code::fine : exit_code::findings;
}

void add_check(CLI::App& profiles, const std::shared_ptr<profiles_options>& given, chosen_command& chosen) {
    auto* command = profiles.add_subcommand(
        "check",
        "Measure the real programs, and say whether their profiles hold: limit, window, hint, the server's FIN");
    command->add_option("ID", given->ids, "profiles whose programs are here (firstfin subjects)")->required();
    command->add_option("--replicates", given->replicates, "trials a question")->check(CLI::Range(1, 1000));
    command->add_option("--out", given->out, "folder of the runs (default: results/local/profiles-check-TIME)");
    command->add_option("--format", given->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "It takes as long as the longest limit.\n"
        "Examples:\n"
        "  firstfin profiles check uvicorn undici\n"
        "  firstfin profiles check firefox --replicates 10\n"
        "Exit code: 0 all hold, 1 something does not, 2 no program here plays that profile, 3 a program is missing, 4 "
        "interrupted");
    command->callback([given, &chosen] { chosen = [given] { return check(*given); }; });
}

}  // namespace

void add_profiles(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<profiles_options>();
    auto* command = program.add_subcommand(
        "profiles", "List how real software ends idle connections; `profiles check` measures the programs themselves");
    command->require_subcommand(0, 1);
    add_check(*command, given, chosen);
    command->add_option("ID", given->ids, "these alone, each in full with its source");
    command->add_option("--role", given->role, "client, lb-upstream, lb-downstream or server")
        ->check(CLI::IsMember({"client", "lb-upstream", "lb-downstream", "server"}));
    command->add_option("--format", given->format, "text or json")->check(CLI::IsMember({"text", "json"}));
    command->footer(
        "Examples:\n"
        "  firstfin profiles --role client\n"
        "  firstfin profiles firefox aws-alb-upstream\n"
        "  firstfin profiles check undici\n"
        "Exit code: 0; 2 for a profile that is not there");
    command->callback([given, command, &chosen] {
        if (command->get_subcommands().empty()) chosen = [given] { return list(*given); };
    });
}

}  // namespace firstfin::cli
