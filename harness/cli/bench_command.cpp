#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <iostream>

#include "client/target.hpp"
#include "core/parse_error.hpp"
#include "harness/bench/kept_run.hpp"
#include "harness/bench/run/cpu_pinning.hpp"
#include "harness/bench/run/local_address.hpp"
#include "harness/bench/run/session.hpp"
#include "harness/cli/bench_options.hpp"
#include "harness/cli/command.hpp"
#include "harness/cli/environment.hpp"
#include "harness/cli/execution.hpp"
#include "harness/cli/show_bench.hpp"
#include "harness/sandbox/sysctl.hpp"
#include "harness/sandbox/user_namespace.hpp"
#include "harness/subjects/registry.hpp"

namespace firstfin::cli {

namespace {

namespace fs = std::filesystem;

std::atomic<bool> interrupted{false};

void listen_to_ctrl_c() {
    const auto note = [](int) { interrupted = true; };
    std::signal(SIGINT, note);
    std::signal(SIGTERM, note);
}

bool uses(const std::vector<bench::bench_case>& cases, bench::target_kind which) {
    return std::ranges::any_of(cases, [which](const auto& each) { return each.target == which; });
}

std::string command_line() {
    std::ifstream in("/proc/self/cmdline");
    std::string text(std::istreambuf_iterator<char>(in), {});
    while (text.ends_with('\0'))
        text.pop_back();
    std::ranges::replace(text, '\0', ' ');
    return "firstfin" + text.substr(std::min(text.find(' '), text.size()));
}

/// A URL's server, this machine's own unless somebody said otherwise: a benchmark is a flood.
bench::trial_order aim_at(bench::trial_order order, const std::string& url, bool allow_remote) {
    const auto where = client::parse_target(url).value();
    order.server = client::resolve(where).front();
    order.authority = where.authority;
    order.path = where.path;
    if (!allow_remote && !bench::is_of_this_machine(order.server.address()))
        throw bad_input(
            fmt::format("{} is at {}, not on this machine: a benchmark floods its target; --allow-remote does "
                        "it all the same, where you may",
                        url, to_text(order.server)));
    return order;
}

bench::trial_order order_of(const bench::settings& all, const bench_options& options) {
    bench::trial_order out;
    out.server_program = program_beside_us("firstfin-server").string();
    out.load_program = program_beside_us("firstfin-client").string();
    std::size_t urls = 0;
    for (const auto& each : all.targets)
        if (each.starts_with("http://")) {
            if (++urls > 1) throw bad_input("--target: one URL at a time");
            out = aim_at(std::move(out), each, options.allow_remote);
        }
    if (urls > 0 && all.witness == bench::close_witness::wire)
        throw bad_input("--witness wire captures on a network of our own: a URL has --witness states");
    const bool has_sysctls = std::ranges::any_of(all.sysctls, [](const auto& each) { return !each.empty(); });
    if (urls > 0 && has_sysctls)
        throw bad_input("sysctls are those of a network of our own: a URL is reached over this machine's");
    return out;
}

void describe(bench::bench_run& into, const std::vector<bench::bench_case>& cases, sandbox::kind where) {
    const bool host =
        std::ranges::all_of(cases, [](const auto& each) { return each.target == bench::target_kind::url; });
    const auto inside = host ? sandbox::network_namespace::own() : sandbox::network_namespace::create();
    for (auto& [name, value] : describe_machine(where, inside))
        into.environment.emplace(std::move(name), std::move(value));
    for (const auto* name : {"net.ipv4.tcp_max_tw_buckets", "net.ipv4.tcp_tw_reuse_delay"})
        if (sandbox::has_sysctl(inside, name)) into.environment.emplace(name, sandbox::get_sysctl(inside, name));
    into.environment.emplace("pinned", bench::cpus_for(bench::usable_cpus(), 1).pinned
                                           ? "each side to processors of its own"
                                           : "no: there is one processor");
    if (host) {
        into.environment["sandbox"] = "none: this machine's own network";
        into.environment["pinned"] = "the load side alone";
    }
    if (uses(cases, bench::target_kind::nginx))
        for (auto& [name, value] : program_versions({{"nginx", subjects::find_server("nginx").comes_from}}))
            into.environment.emplace(std::move(name), std::move(value));
}

/// One line on a terminal, rewritten; nothing elsewhere.
class progress_line {
public:
    void show(const bench::session_progress& now) const {
        if (!terminal_) return;
        fmt::print(stderr, "\r\x1b[K{} of {}: {}, about {:.0f} s left", now.done + 1, now.wanted, now.now,
                   seconds_of(now.left));
        std::fflush(stderr);
    }
    void clear() const {
        if (terminal_) fmt::print(stderr, "\r\x1b[K");
    }

private:
    bool terminal_ = ::isatty(STDERR_FILENO) != 0;
};

fs::path folder_of(const bench::settings& all, const bench_options& options) {
    if (!options.out.empty()) return options.out;
    return fs::path("results") / "local" /
           fmt::format("{}-{:%Y%m%d-%H%M%S}", all.name, fmt::localtime(std::time(nullptr)));
}

int bench_now(const bench_options& options) {
    const auto all = bench_settings_of(options);
    const auto cases = bench::cases_of(all);
    const auto order = order_of(all, options);
    auto where = sandbox::kind::netns;
    if (uses(cases, bench::target_kind::builtin) || uses(cases, bench::target_kind::nginx)) {
        where = sandbox::choose_sandbox(std::nullopt);
        if (where == sandbox::kind::userns && uses(cases, bench::target_kind::url))
            throw bad_input("--target: without root a URL cannot stand beside builtin or nginx: bench it alone");
        if (where == sandbox::kind::userns)
            if (const auto ended = sandbox::continue_in_user_namespace()) sandbox::end_like(*ended);
    }
    bench::bench_run run;
    run.command = command_line();
    run.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
    describe(run, cases, where);
    const auto folder = folder_of(all, options);
    const bench::kept_run kept(folder);
    fmt::print(stderr, "{}: {} case{} x {} = {} repetitions, about {:.0f} s\n", all.name, cases.size(),
               cases.size() == 1 ? "" : "s", all.repetitions, cases.size() * all.repetitions,
               seconds_of(bench::expected_length(all)));
    listen_to_ctrl_c();
    const progress_line progress;
    bench::session_callbacks told;
    told.stop_now = [] { return interrupted.load(); };
    told.running = [&](const auto& now) { progress.show(now); };
    told.finished = [&](const auto& so_far) { kept.write(so_far); };
    bench::run_session(all, order, told, run);
    progress.clear();
    if (interrupted) kept.write(run);
    const auto worst = show_bench(run, options.benchmark_format == "json" ? "google" : options.format);
    fmt::print(stderr, "kept in {}; again: firstfin report {}\n", folder.string(), folder.string());
    if (!interrupted) return worst;
    fmt::print(stderr, "interrupted: what had finished is kept\n");
    return exit_code::interrupted;
}

}  // namespace

void add_bench(CLI::App& program, chosen_command& chosen) {
    struct given_texts {
        bench_options options;
        std::vector<std::string> texts;
    };
    auto given = std::make_shared<given_texts>();
    auto* command = program.add_subcommand("bench", "Measure what connection reuse is worth");
    command->add_option("FILE", given->options.file, "a file with a [bench] table; the options below go over it");
    given->texts.resize(bench::setting_names().size());
    auto text = given->texts.begin();
    for (const auto& each : bench::setting_names()) {
        auto name = std::string(each.name);
        std::ranges::replace(name, '_', '-');
        command->add_option("--" + name, *text++, std::string(each.meaning))->default_str(std::string(each.usual));
    }
    command->add_option("--sysctl", given->options.sysctls,
                        "NAME=VALUE of the client's network, such as net.ipv4.tcp_tw_reuse=1; repeatable");
    command->add_option("--out", given->options.out, "folder of the run (default: results/local/NAME-TIME)");
    command->add_option("--format", given->options.format, "what to print at the end")
        ->check(CLI::IsMember({"text", "json", "csv", "markdown"}))
        ->default_str("text");
    command
        ->add_option("--benchmark_format", given->options.benchmark_format,
                     "json: print what Google Benchmark would, for its compare.py")
        ->check(CLI::IsMember({"json"}));
    command->add_flag("--allow-remote", given->options.allow_remote, "a URL may be another machine's");
    command->footer(
        "Lists have commas; every combination is a case. Cases are interleaved at random and compared within a round.\n"
        "Examples:\n"
        "  firstfin bench\n"
        "  firstfin bench --target builtin,nginx --requests-per-connection 1,inf --duration 5s\n"
        "  firstfin bench --target http://127.0.0.1:8080/ --connections 16,256\n"
        "  firstfin bench --rate 2000 --spacing poisson --requests-per-connection 1,inf\n"
        "      an open loop: latency counts from the moment a request was meant to be sent\n"
        "  firstfin bench experiments/reuse/ports.toml\n"
        "      the ports of a client that closes first run out\n"
        "  firstfin compare results/local/bench-A results/local/bench-B\n"
        "Exit code: 0 fine, 1 a repetition was discarded, 2 bad input, 3 the machine lacks something, 4 interrupted");
    command->callback([given, &chosen] {
        auto next = given->texts.begin();
        for (const auto& each : bench::setting_names()) {
            if (!next->empty()) given->options.set.emplace_back(std::string(each.name), *next);
            ++next;
        }
        chosen = [given] { return bench_now(given->options); };
    });
}

}  // namespace firstfin::cli
