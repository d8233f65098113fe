#include <fmt/format.h>

#include <cctype>
#include <iostream>

#include "tests/harness/sandbox/needs_namespaces.hpp"
#include "tests/peers/nginx/nginx_process.hpp"
#include "tests/peers/nginx/playing.hpp"

// cases.toml against a real server: one GoogleTest case is one conformance case. FIRSTFIN_NGINX names another program
// that takes nginx's command line, configuration and signals.

namespace firstfin::testing {

void PrintTo(const conformance_case& one, std::ostream* out) {
    *out << one.number << ": " << one.name;
}

namespace {

const case_file& all_cases() {
    static const auto cases = read_cases(FIRSTFIN_NGINX_CASES);
    return cases;
}

class NginxConformance : public needs_namespaces, public ::testing::WithParamInterface<conformance_case> {};

std::vector<std::string> differences_of(const play& expected, const played& seen) {
    const auto& allowed = all_cases().tolerance;
    auto out = differences(expected.steps, seen.own, allowed);
    std::vector<std::vector<witness::segment>> crowd;
    for (std::size_t i = 0; i < seen.crowd.size(); ++i) {
        for (const auto& text : differences(expected.crowd_steps, seen.crowd[i], allowed))
            out.push_back(fmt::format("client {} of the crowd, {}", i + 1, text));
        crowd.push_back(seen.crowd[i].segments);
    }
    for (const auto& text : differences(expected.drains, crowd))
        out.push_back(text);
    return out;
}

/// The wire of a play that differs, for people.
std::string told(const std::vector<witness::segment>& segments) {
    std::string out;
    for (const auto& one : segments) {
        out += fmt::format("  {:8.3f} s  {}  ", seconds_of(one.at - segments.front().at), to_text(one.from));
        for (const auto& [flag, name] : {std::pair{witness::tcp_flag::syn, "SYN "},
                                         {witness::tcp_flag::fin, "FIN "},
                                         {witness::tcp_flag::rst, "RST "}})
            if (one.has(flag)) out += name;
        out += one.payload > 0 ? fmt::format("{} bytes\n", one.payload) : "\n";
    }
    return out;
}

TEST_P(NginxConformance, behaves_as_nginx) {
    auto one = GetParam();
    std::cout << fmt::format("case {}: {}\n", one.number, one.name);
    if (!one.since.empty()) {
        // Passed over by version alone, and so no skipping: nothing is missing on this machine.
        const auto version = version_of(program_under_test());
        if (is_before(version, one.since)) {
            std::cout << fmt::format("not applicable: since {}, this is {}\n", one.since, version);
            return;
        }
    }
    if (!can_proxy(program_under_test()))
        if (const auto left_out = std::erase_if(one.plays, [](const play& each) { return each.proxied; });
            left_out != 0)
            std::cout << fmt::format("{} not played: this server proxies nothing\n", left_out);
    const auto seen = play_case(one);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const auto all = differences_of(one.plays[i], seen[i]);
        for (const auto& text : all)
            ADD_FAILURE() << fmt::format("play {} (port {}), {}", i + 1, one.plays[i].port, text);
        if (!all.empty()) std::cout << fmt::format("the wire of play {}:\n{}", i + 1, told(seen[i].own.segments));
    }
}

/// "02_Connection_close_FIN_at_once": GoogleTest takes letters, digits and underscores.
std::string test_name(const conformance_case& one) {
    auto out = fmt::format("{:02}_", one.number);
    for (const char c : one.name) {
        if (std::isalnum(static_cast<unsigned char>(c)) != 0)
            out += c;
        else if (!out.ends_with('_'))
            out += '_';
    }
    return out;
}

INSTANTIATE_TEST_SUITE_P(Cases, NginxConformance, ::testing::ValuesIn(all_cases().cases),
                         [](const auto& row) { return test_name(row.param); });

}  // namespace
}  // namespace firstfin::testing
