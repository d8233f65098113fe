#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/validate/validation.hpp"

namespace firstfin::validate {

/// What is asked, as it was typed: on the command line, in firstfin.toml. Lists grow; of single values the last counts.
struct question_words {
    std::vector<std::string> clients{};
    std::vector<std::string> backends{};
    std::vector<std::string> rates{};
    std::vector<std::string> latency{};
    std::vector<std::string> connections{};
    std::vector<std::string> reloads_per_hour{};
    std::vector<std::string> workers{};
    std::vector<std::string> nginx_version{};
    std::vector<std::string> sysctls{};
};

/// One option: its name on the command line, where its words go, what it means.
struct question_option {
    std::string_view name;
    std::vector<std::string> question_words::*into;
    std::string_view meaning;
};

inline constexpr std::array question_options{
    question_option{
        "--client", &question_words::clients,
        "who connects to nginx: a profile, a group (browsers, aws, gcp) or a policy ('idle=30s,mode=timer'); "
        "HOP=... for one listen address or server_name"},
    question_option{"--balancer", &question_words::clients, "the same as --client"},
    question_option{"--backend", &question_words::backends,
                    "what nginx passes requests to: a profile or a policy ('idle=5s'); UPSTREAM=... for one of them"},
    question_option{"--rate", &question_words::rates, "requests a second on every hop; HOP=N for one of them"},
    question_option{"--latency", &question_words::latency, "how long a request takes (100ms)"},
    question_option{"--connections", &question_words::connections, "clients connected at a time"},
    question_option{"--reloads-per-hour", &question_words::reloads_per_hour, "how often nginx is reloaded"},
    question_option{"--workers", &question_words::workers, "nginx workers where the file says worker_processes auto"},
    question_option{"--nginx-version", &question_words::nginx_version,
                    "whose defaults hold, such as 1.22.1 (the newest known one)"},
    question_option{"--sysctl", &question_words::sysctls,
                    "key=value over Linux's defaults, such as net.ipv4.tcp_tw_reuse=1; this-machine: as they are here"},
};

/// What those words ask. Throws bad_input that names the option.
[[nodiscard]] question to_question(const question_words& words, const catalogue& profiles);

/// "--client", "aws-alb", "--rate", "500": as on the command line. Throws bad_input.
[[nodiscard]] question read_question(const std::vector<std::string>& arguments, const catalogue& profiles);

}  // namespace firstfin::validate
