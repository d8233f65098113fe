#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <sstream>

#include "tests/peers/nginx_command/program_pair.hpp"

// One life of a daemon, from its start through reloads, a worker's death and USR1 to its end: what the master writes is
// what the real nginx's master writes.

namespace firstfin::test {
namespace {

constexpr auto configuration =
    "pid DIR/nginx.pid; error_log DIR/error.log notice; events {} http { access_log off; "
    "client_body_temp_path DIR/1; proxy_temp_path DIR/2; fastcgi_temp_path DIR/3; uwsgi_temp_path DIR/4; "
    "scgi_temp_path DIR/5; server { listen 127.0.0.1:PORT; } }";

/// A program while it lives. Steps end with a line of the master's that begins with what is waited for.
class life {
public:
    explicit life(const std::string& program) : here_(program) {}

    void start() {
        here_.write("n.conf", configuration);
        const auto answer = here_.run({"-c", "n.conf"});
        EXPECT_EQ(answer.exit_code, 0) << answer.err;
        EXPECT_EQ(answer.err, "");
        await("[notice] start worker process N");
    }
    void signal(const std::string& word, const std::string& awaited) {
        EXPECT_EQ(here_.run({"-c", "n.conf", "-s", word}).exit_code, 0);
        await(awaited);
    }
    void signal(int number, const std::string& awaited) {
        ::kill(here_.pid(), number);
        await(awaited);
    }
    void kill_worker() {
        std::ostringstream path;
        path << "/proc/" << here_.pid() << "/task/" << here_.pid() << "/children";
        pid_t worker = 0;
        std::ifstream(path.str()) >> worker;
        ASSERT_GT(worker, 1);
        ::kill(worker, SIGKILL);
        await("[notice] start worker process N");
    }
    void write(const std::string& text) { here_.write("n.conf", text); }
    [[nodiscard]] std::vector<std::string> said() const {
        return here_.said(here_.text_of("error.log"), in_a_folder::notices::of_the_master);
    }

private:
    /// One more of these than before the step.
    void await(const std::string& line) {
        const auto wanted = ++awaited_[line];
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (static_cast<std::size_t>(std::ranges::count(said(), line)) < wanted) {
            ASSERT_LT(std::chrono::steady_clock::now(), give_up) << "no \"" << line << "\" in\n"
                                                                 << here_.text_of("error.log");
            ::usleep(5000);
        }
    }

    in_a_folder here_;
    std::map<std::string, std::size_t> awaited_;
};

std::vector<std::string> life_of(const std::string& program) {
    life one(program);
    one.start();
    one.kill_worker();
    one.write(std::string("worker_processes many;\n") + configuration);
    one.signal(SIGHUP, "[emerg] \"worker_processes\" directive invalid value in DIR/n.conf:1");
    one.write(configuration);
    one.signal("reload", "[notice] worker process N exited with code 0");
    one.signal(SIGWINCH, "[notice] worker process N exited with code 0");
    one.signal(SIGHUP, "[notice] start worker process N");
    one.signal("quit", "[notice] exit");
    return one.said();
}

TEST(NginxLife, LeavesTheSameLog) {
    if (nginx_is_missing()) {
        if (std::getenv("FIRSTFIN_NOTHING_SKIPPED") != nullptr) GTEST_FAIL() << "nginx is not installed";
        GTEST_SKIP() << "nginx is not installed";
    }
    const auto theirs = life_of(real_nginx());
    EXPECT_GT(theirs.size(), 20U);
    EXPECT_EQ(life_of(our_server()), theirs);
}

}  // namespace
}  // namespace firstfin::test
