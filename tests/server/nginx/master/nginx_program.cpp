#include "tests/server/nginx/master/nginx_program.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/free_port.hpp"

namespace firstfin::test {

namespace {

std::string text_of(const std::string& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

nginx_program::nginx_program(const std::string& server, const std::string& main) : port_(free_port()) {
    std::filesystem::create_directory(folder_.path() / "html");
    std::ofstream(folder_.path() / "html/index.html") << "index";
    configure(server, main);
}

nginx_program::~nginx_program() {
    const auto daemon = pid();  // of a test that failed before it ended it
    if (!master_ && daemon > 1 && is_alive(daemon)) ::kill(daemon, SIGKILL);
    if (!master_) return;
    master_->signal(SIGKILL);
    EXPECT_TRUE(comes_true([this] { return !answers(); })) << "its workers outlive a master that is killed";
}

void nginx_program::configure(const std::string& server, const std::string& main, const std::string& pid,
                              const std::string& listen_options) const {
    std::ofstream(folder_.path() / "nginx.conf") << fmt::format(
        "pid {};\nerror_log error.log info;\n{}\nevents {{ }}\nhttp {{ access_log off; server {{ listen 127.0.0.1:{} "
        "{};\n{}\n}} "
        "}}\n",
        pid, main, port_, listen_options, server);
}

std::vector<std::string> nginx_program::command(const std::vector<std::string>& more) const {
    std::vector<std::string> out = {FIRSTFIN_SERVER_PROGRAM, "-p", folder_.path().string(), "-c", "nginx.conf"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

void nginx_program::start(unsigned descriptor_limit) {
    master_.emplace(command({"-g", "daemon off;" + stays_whoever_we_are()}), std::string_view(), descriptor_limit);
    if (!comes_true([this] { return answers(); })) throw std::runtime_error("it does not answer: " + log());
}

pid_t nginx_program::pid() const {
    return std::atoi(text_of(file("nginx.pid")).c_str());
}

std::vector<pid_t> nginx_program::workers() const {
    std::istringstream in(text_of(fmt::format("/proc/{0}/task/{0}/children", pid())));
    std::vector<pid_t> out;
    for (pid_t one = 0; in >> one;)
        out.push_back(one);
    return out;
}

std::string nginx_program::body() const {
    test_client client(where());
    return client.request("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n").body;
}

bool nginx_program::answers() const {
    try {
        std::ignore = body();
        return true;
    } catch (const std::exception&) {
        return false;
    }
}

std::string nginx_program::log() const {
    return text_of(file("error.log"));
}

std::string stays_whoever_we_are() {
    return ::geteuid() == 0 ? "user root;" : "# nothing\n";
}

bool is_alive(pid_t process) {
    const auto state = text_of(fmt::format("/proc/{}/stat", process));
    const auto name_end = state.rfind(')');
    return name_end != std::string::npos && state[name_end + 2] != 'Z';
}

std::size_t open_descriptors(pid_t process) {
    const std::filesystem::directory_iterator all(fmt::format("/proc/{}/fd", process));
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t count_of(std::string_view part, std::string_view text) {
    std::size_t out = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size()))
        ++out;
    return out;
}

}  // namespace firstfin::test
