#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "server/nginx_conf/configuration.hpp"
#include "tests/harness/validate/labelled_cases.hpp"
#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

// Whole configurations, sound ones and broken ones, before our reader and before the real nginx: the same answer, and
// of a refusal the same line.

namespace firstfin::test {
namespace {

struct answer {
    bool accepted = false;
    std::uint32_t line = 0;  ///< of the first error; 0: none is named
    std::string words;
};

answer nginx_says(const std::string& file, const std::string& folder) {
    const auto ended = run_program({"nginx", "-t", "-e", "stderr", "-p", folder, "-c", file});
    answer out{ended.exit_code == 0, 0, ended.err};
    std::istringstream lines(ended.err);
    for (std::string line; std::getline(lines, line);) {
        if (line.find("[emerg]") == std::string::npos) continue;
        const auto at = line.rfind(file + ":");
        if (at != std::string::npos)
            out.line = static_cast<std::uint32_t>(std::stoul(line.substr(at + file.size() + 1)));
        return out;
    }
    return out;
}

answer we_say(const std::string& file, const std::string& folder) {
    nginx_conf::reading_options how;
    how.version = {1, 22, 1};
    const auto read = nginx_conf::read_configuration(file, folder, how);
    answer out{read.is_valid() && read.unknown_directives == 0, 0, {}};
    for (const auto& one : read.messages) {
        if (one.level != nginx_conf::severity::emerg && !one.unknown_directive) continue;
        out.words = read.in_words(one);
        out.line = one.nginx_line;
        break;
    }
    return out;
}

/// Breaks one statement in one of the ways people do. The same draw makes the same text.
std::string broken(const std::string& text, std::mt19937& draw) {
    const auto pick = [&](char of) {
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < text.size(); ++i)
            if (text[i] == of) places.push_back(i);
        return places.empty() ? std::string::npos : places[draw() % places.size()];
    };
    auto out = text;
    const auto semicolon = pick(';');
    switch (draw() % 8) {
        case 0:
            out.erase(semicolon, 1);
            break;
        case 1:
            out.erase(pick('{'), 1);
            break;
        case 2:
            out.erase(pick('}'), 1);
            break;
        case 3:
            out.insert(semicolon + 1, " keepalive_timeuot 65s;");
            break;
        case 4:
            out.insert(semicolon + 1, " keepalive_timeout 65x;");
            break;
        case 5:
            out.insert(semicolon + 1, " keepalive_requests 10; keepalive_requests 10;");
            break;
        case 6:
            out.insert(semicolon + 1, " worker_connections 10;");
            break;
        default:
            out.insert(semicolon + 1, " proxy_read_timeout \"60s;");
            break;
    }
    return out;
}

class ReaderAgrees : public testing::Test {
protected:
    void SetUp() override {
        if (run_program({"nginx", "-v"}).exit_code != 127) return;
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED") != nullptr) FAIL() << "nginx is not installed";
        GTEST_SKIP() << "nginx is not installed";
    }

    void compare(const std::string& name, const std::string& text) {
        const auto file = (here.path() / "nginx.conf").string();
        std::ofstream(file, std::ios::binary) << text;
        compare_file(name, file, here.path().string());
    }

    void compare_file(const std::string& name, const std::string& file, const std::string& folder) {
        const auto theirs = nginx_says(file, folder);
        const auto ours = we_say(file, folder);
        EXPECT_EQ(ours.accepted, theirs.accepted) << name << "\n" << theirs.words << ours.words;
        if (!theirs.accepted && !ours.accepted) {
            EXPECT_EQ(ours.line, theirs.line) << name << "\n" << theirs.words << ours.words;
        }
        ++(theirs.accepted ? accepted : refused);
    }

    temporary_folder here;
    std::size_t accepted = 0;
    std::size_t refused = 0;
};

TEST_F(ReaderAgrees, OnEveryLabelledConfiguration) {
    for (const auto& one : labelled_cases())
        compare(one.name, one.text);
    EXPECT_GE(accepted, 90U);
}

TEST_F(ReaderAgrees, OnBrokenOnes) {
    std::mt19937 draw(1);
    for (const auto& one : labelled_cases())
        for (int i = 0; i < 3; ++i) {
            const auto text = broken(one.text, draw);
            compare(one.name + ":\n" + text, text);
        }
    EXPECT_GE(refused, 150U);
}

TEST_F(ReaderAgrees, OnWhatDebianInstalls) {
    compare_file("nginx.conf", "/etc/nginx/nginx.conf", "/usr/share/nginx/");
    EXPECT_EQ(accepted, 1U);
}

}  // namespace
}  // namespace firstfin::test
