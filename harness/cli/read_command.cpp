#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <iostream>
#include <limits>

#include "harness/capture_reading/data_formats.hpp"
#include "harness/capture_reading/text.hpp"
#include "harness/cli/command.hpp"
#include "harness/report/terminal_text.hpp"

namespace firstfin::cli {

namespace {

namespace cap = capture_reading;

struct read_options {
    std::string file;
    std::uint16_t port = 0;
    std::string format = "text";
    std::size_t limit = 20;
    bool all = false;
};

/// A line on a terminal once reading takes more than two seconds.
class reading_progress {
public:
    reading_progress(const cap::capture_source& source, const std::string& file) : source_(source) {
        struct stat about {};
        if (::stat(file.c_str(), &about) == 0 && S_ISREG(about.st_mode))
            size_ = static_cast<std::uint64_t>(about.st_size);
    }
    ~reading_progress() {
        if (shown_) fmt::print(stderr, "\r\033[K");
    }
    reading_progress(const reading_progress&) = delete;
    reading_progress& operator=(const reading_progress&) = delete;

    void show() {
        const auto now = steady::now();
        if (!terminal_ || now < next_) return;
        next_ = now + std::chrono::milliseconds(200);
        shown_ = true;
        const auto at = source_.position();
        fmt::print(stderr, "\r\033[K{} frames{}", report::grouped(source_.frames()),
                   at && size_ != 0 ? fmt::format(", {} %", *at * 100 / size_) : "");
        std::fflush(stderr);
    }

private:
    const cap::capture_source& source_;
    std::uint64_t size_ = 0;
    bool terminal_ = ::isatty(STDERR_FILENO) != 0;
    bool shown_ = false;
    time_point next_ = steady::now() + std::chrono::seconds(2);
};

volatile std::sig_atomic_t asked_to_stop = 0;

/// Ctrl-C ends the reading, not the report; a second one ends the program. Whatever feeds standard input gets the same
/// Ctrl-C and ends it: tcpdump first writes what it still has.
void listen_to_interrupts() {
    struct sigaction action {};
    action.sa_handler = [](int) { asked_to_stop = 1; };
    action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
    ::sigaction(SIGINT, &action, nullptr);
}

void warn_of_damage(const cap::capture_facts& facts) {
    if (!facts.damage.empty())
        fmt::print(stderr, "firstfin: warning: {}; what was read before is reported\n", report::shown(facts.damage));
}

int read_file(const read_options& given) try {
    listen_to_interrupts();
    auto source = cap::capture_source::open(given.file);
    const auto port = given.port == 0 ? std::nullopt : std::optional(given.port);
    const bool whole_list = given.all || given.format == "json";
    const bool lines = given.format == "jsonl" || given.format == "csv";
    cap::summary read(lines ? 0 : whole_list ? std::numeric_limits<std::size_t>::max() : given.limit);
    if (given.format == "csv") std::cout << cap::csv_heading() << '\n';
    cap::capture_facts facts;
    {
        reading_progress progress(source, given.file);
        facts = cap::read_capture(
            source, port,
            [&](const cap::connection_record& one) {
                if (given.format == "jsonl") std::cout << cap::to_json(one) << '\n';
                if (given.format == "csv") std::cout << cap::csv_line(one) << '\n';
                read.add(one);
            },
            [&] {
                progress.show();
                const bool asked = asked_to_stop != 0 && given.file != "-";
                return !asked && std::cout.good();  // somebody reads on: not so behind `| head`
            });
    }
    if (given.format == "text") std::cout << cap::text_report(facts, read, report::text_options_for(STDOUT_FILENO));
    if (given.format == "json") cap::write_json(std::cout, facts, read);
    if (given.format != "text") warn_of_damage(facts);
    std::cout.flush();
    if (facts.interrupted && asked_to_stop != 0)
        fmt::print(stderr, "firstfin: interrupted: the report is on the part that was read\n");
    if (asked_to_stop != 0) return exit_code::interrupted;
    return read.has_findings() ? exit_code::findings : exit_code::fine;
} catch (const bad_input& failed) {
    // File names and libpcap's words come from strangers.
    throw bad_input(report::shown(failed.what()));
}

}  // namespace

void add_read(CLI::App& program, chosen_command& chosen) {
    auto given = std::make_shared<read_options>();
    auto* command = program.add_subcommand(
        "read", "Read anyone's capture: who closed each connection first, how long it was idle, what was lost");
    command->add_option("FILE", given->file, "a pcap or pcapng file; - is standard input")->required();
    command->add_option("--port", given->port, "only connections whose server has this port")
        ->check(CLI::Range(1, 65535));
    command
        ->add_option("--format", given->format,
                     "text, json (counts and every connection), jsonl or csv (a connection a line, as they end)")
        ->check(CLI::IsMember({"text", "json", "jsonl", "csv"}));
    command->add_option("--limit", given->limit,
                        "connections listed in the text (default 20), those with losses first");
    command->add_flag("--all", given->all, "list every connection");
    command->footer(
        "The order of the FINs is read from acknowledgment numbers, so a capture from either end or from the middle\n"
        "tells the same. What a capture cannot tell is called unknown. Frames may be cut short (tcpdump -s 128).\n"
        "Exit code: 0 fine, 1 requests were lost or FINs contradict each other, 2 the file cannot be read,\n"
        "4 interrupted (what was read is reported).\n"
        "Examples:\n"
        "  firstfin read gateway.pcap --port 8080\n"
        "  firstfin read gateway.pcapng --format csv > connections.csv\n"
        "  zcat old.pcap.gz | firstfin read - --format json\n"
        "  tcpdump -i any -s 128 -w - tcp port 80 | firstfin read -");
    command->callback([given, &chosen] { chosen = [given] { return read_file(*given); }; });
}

}  // namespace firstfin::cli
