#include "tests/peers/nginx_command/program_pair.hpp"

#include <signal.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include "tests/support/free_port.hpp"

namespace firstfin::test {

namespace {

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
        text.replace(at, what.size(), with);
}

}  // namespace

std::string real_nginx() {
    return "nginx";
}

std::string our_server() {
    return FIRSTFIN_SERVER_PROGRAM;
}

bool nginx_is_missing() {
    return run_program({real_nginx(), "-v"}).exit_code == 127;
}

in_a_folder::in_a_folder(std::string program) : program_(std::move(program)), port_(free_port()) {}

in_a_folder::~in_a_folder() {
    // Left behind by a test that failed.
    if (const auto daemon = pid(); daemon > 1) ::kill(daemon, SIGTERM);
}

void in_a_folder::write(const std::string& name, std::string text) const {
    replace_all(text, "DIR", folder_.path().string());
    replace_all(text, "PORT", std::to_string(port_));
    std::ofstream(folder_.path() / name) << text;
}

std::string in_a_folder::text_of(const std::string& name) const {
    std::ifstream in(folder_.path() / name);
    return {std::istreambuf_iterator<char>(in), {}};
}

program_output in_a_folder::run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {program_, "-p", folder_.path().string()});
    return run_program(arguments);
}

pid_t in_a_folder::pid() const {
    return std::atoi(text_of("nginx.pid").c_str());
}

std::vector<std::string> in_a_folder::said(const std::string& text, notices which) const {
    static const std::regex dated(R"(^[0-9/]{10} [0-9:]{8} (\[[a-z]+\]) (\d+)#\d+: (.*)$)");
    static const std::regex plain(R"(^(?:nginx|firstfin-server): (.*)$)");
    // What only an nginx says: its build, its system, its way of talking to workers.
    static const std::regex own(R"(^\[notice\] (nginx/|OS: |built by|getrlimit|signal 29 ))");
    std::vector<std::string> out;
    std::istringstream in(text);
    std::smatch found;
    pid_t master = 0;
    for (std::string line; std::getline(in, line);) {
        std::string saying;
        if (std::regex_match(line, found, dated)) {
            saying = found[1].str() + " " + found[3].str();
            const bool notice = found[1] == "[notice]";
            if (notice && which == notices::left_out) continue;
            const auto who = static_cast<pid_t>(std::stol(found[2].str()));
            if (found[3] == "start worker processes" && master == 0) master = who;
            if (which == notices::of_the_master && who != master) continue;
        } else if (std::regex_match(line, found, plain)) {
            saying = found[1].str();
        } else {
            saying = line;
        }
        if (std::regex_search(saying, own)) continue;
        replace_all(saying, folder_.path().string(), "DIR");
        replace_all(saying, std::to_string(port_), "PORT");
        if (which == notices::of_the_master)
            saying = std::regex_replace(saying, std::regex(R"((process|from) \d+)"), "$1 N");
        out.push_back(saying);
    }
    return out;
}

}  // namespace firstfin::test
