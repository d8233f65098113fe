#include <gtest/gtest.h>
#include <sys/socket.h>

#include "tests/peers/nginx_command/program_pair.hpp"

// What a program says that does not begin to serve, and its exit code: as the real nginx.

namespace firstfin::test {
namespace {

constexpr auto good =
    "pid DIR/nginx.pid; error_log DIR/error.log notice; events {} http { access_log off; "
    "client_body_temp_path DIR/1; proxy_temp_path DIR/2; fastcgi_temp_path DIR/3; uwsgi_temp_path DIR/4; "
    "scgi_temp_path DIR/5; server { listen 127.0.0.1:PORT; } }";

struct row {
    std::string name;
    std::vector<std::string> arguments;
    std::string pid_file;  ///< its text; empty: there is none
    std::string configuration = good;
};

std::string with(std::string text, const std::string& what, const std::string& instead) {
    return text.replace(text.find(what), what.size(), instead);
}

const std::vector<row> rows = {
    {"no_configuration", {"-c", "none.conf"}, ""},
    {"no_configuration_to_test", {"-c", "none.conf", "-s", "quit"}, ""},
    {"unknown_directive", {"-c", "n.conf"}, "", std::string("\nfoo bar;") + good},
    {"bad_value", {"-c", "n.conf"}, "", std::string("worker_processes many;\n") + good},
    {"bad_value_of_the_command_line", {"-c", "n.conf", "-g", "daemon of;"}, ""},
    {"unknown_directive_of_the_command_line", {"-c", "n.conf", "-g", "foo 1;"}, ""},
    {"in_both_places", {"-c", "n.conf", "-g", "pid a;"}, ""},
    {"twice_in_the_command_line", {"-c", "n.conf", "-g", "daemon on; daemon off;"}, ""},
    {"user_or_warning",
     {"-c", "n.conf", "-g", "daemon off; user firstfin-nobody; pid /none/x;"},
     "",
     with(good, "pid DIR/nginx.pid;", "")},
    {"group_or_warning",
     {"-c", "n.conf", "-g", "daemon off; user root firstfin-nobody; pid /none/x;"},
     "",
     with(good, "pid DIR/nginx.pid;", "")},
    {"no_folder_for_the_pid", {"-c", "n.conf", "-g", "daemon off;"}, "", with(good, "nginx.pid", "none/nginx.pid")},
    {"no_folder_for_the_log", {"-c", "n.conf"}, "", with(good, "error.log", "none/error.log")},
    {"no_folder_for_the_access_log", {"-c", "n.conf"}, "", with(good, "access_log off", "access_log DIR/none/a.log")},
    {"no_folder_for_the_first_log", {"-c", "none.conf", "-e", "/none/error.log"}, ""},
    {"signal_without_pid_file", {"-c", "n.conf", "-s", "stop"}, ""},
    {"signal_with_empty_pid_file", {"-c", "n.conf", "-s", "stop"}, "\n"},
    {"signal_with_strange_pid_file", {"-c", "n.conf", "-s", "reload"}, "abc\n"},
    {"signal_to_nobody", {"-c", "n.conf", "-s", "quit"}, "4194305\n"},
    {"signal_to_nobody_reopen", {"-c", "n.conf", "-s", "reopen"}, "4194305\n"},
};

class NginxRefusals : public testing::TestWithParam<row> {
protected:
    struct refusal {
        int exit_code = 0;
        std::vector<std::string> said;
        std::vector<std::string> logged;
        friend bool operator==(const refusal&, const refusal&) = default;
    };
    static refusal of(const std::string& program, const row& one) {
        const in_a_folder here(program);
        here.write("n.conf", one.configuration);
        if (!one.pid_file.empty()) here.write("nginx.pid", one.pid_file);
        auto arguments = one.arguments;
        const auto answer = here.run(arguments);
        // An nginx whose log is standard error says there what it says at the terminal.
        constexpr auto left_out = in_a_folder::notices::left_out;
        return {answer.exit_code, here.said(answer.err, left_out), here.said(here.text_of("error.log"), left_out)};
    }
};

void PrintTo(const row& one, std::ostream* out) {
    *out << one.name;
}

TEST_P(NginxRefusals, AreTheSame) {
    if (nginx_is_missing()) {
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED") != nullptr) GTEST_FAIL() << "nginx is not installed";
        GTEST_SKIP() << "nginx is not installed";
    }
    const auto theirs = of(real_nginx(), GetParam());
    const auto ours = of(our_server(), GetParam());
    EXPECT_EQ(theirs.exit_code, 1);
    EXPECT_FALSE(theirs.said.empty());
    EXPECT_EQ(ours.exit_code, theirs.exit_code);
    EXPECT_EQ(ours.said, theirs.said);
    EXPECT_EQ(ours.logged, theirs.logged);
}

INSTANTIATE_TEST_SUITE_P(Cases, NginxRefusals, testing::ValuesIn(rows),
                         [](const testing::TestParamInfo<row>& one) { return one.param.name; });

}  // namespace
}  // namespace firstfin::test
