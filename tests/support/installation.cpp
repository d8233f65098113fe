#include "tests/support/installation.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace firstfin::test {

namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

running::running(std::vector<std::string> command, const fs::path& folder) {
    static std::atomic<int> number = 0;
    const auto name = "output-" + std::to_string(++number);
    out_ = folder / (name + ".out");
    err_ = folder / (name + ".err");
    std::vector<char*> arguments;
    for (auto& one : command)
        arguments.push_back(one.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    ::dup2(::open("/dev/null", O_RDONLY), 0);
    ::dup2(::open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 1);
    ::dup2(::open(err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), 2);
    if (::chdir(folder.c_str()) == 0) ::execvp(arguments[0], arguments.data());
    ::_exit(127);
}

running::running(running&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      status_(other.status_),
      out_(std::move(other.out_)),
      err_(std::move(other.err_)) {}

running::~running() {
    if (pid_ <= 0 || status_) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void running::signal(int number) const {
    ::kill(pid_, number);
}

bool running::is_over() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return status_.has_value();
}

finished running::wait() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, 0) == pid_) status_ = status;
    return {exit_code_of(status_.value_or(0)), read_file(out_), read_file(err_)};
}

std::string running::out_so_far() const {
    return read_file(out_);
}
std::string running::err_so_far() const {
    return read_file(err_);
}

installation::installation() {
    fs::permissions(folder(), fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec |
                                  fs::perms::others_read | fs::perms::others_exec);
    fs::create_directory(folder() / "bin");
    for (const auto* program : {"firstfin", "firstfin-server", "firstfin-client"})
        fs::copy_file(fs::path(FIRSTFIN_PROGRAMS) / program, folder() / "bin" / program);
    fs::create_directory(user_folder());
    if (::geteuid() == 0 && ::chown(user_folder().c_str(), user(), user()) != 0)
        throw std::runtime_error("cannot give a folder to an ordinary user");
    fs::create_directory(folder() / "experiments");
    fs::copy(FIRSTFIN_EXPERIMENTS, folder() / "experiments", fs::copy_options::recursive);
}

std::string installation::file(const std::string& name, const std::string& text) const {
    const auto path = folder() / name;
    std::ofstream(path) << text;
    return path.string();
}

running installation::start(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), (folder() / "bin" / "firstfin").string());
    return {std::move(arguments), folder()};
}

finished installation::shell(const std::string& script) const {
    return running({"sh", "-c", "PATH=" + (folder() / "bin").string() + ":$PATH; " + script}, folder()).wait();
}

uid_t installation::user() {
    constexpr uid_t nobody = 65534;
    return ::geteuid() == 0 ? nobody : ::geteuid();
}

std::vector<std::string> installation::as_user(const std::vector<std::string>& command) {
    std::vector<std::string> out;
    if (::geteuid() == 0) {
        const auto number = std::to_string(user());
        out = {"setpriv", "--reuid=" + number, "--regid=" + number, "--clear-groups"};
    }
    out.insert(out.end(), command.begin(), command.end());
    return out;
}

running installation::start_as_user(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command{(folder() / "bin" / "firstfin").string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return {as_user(command), user_folder()};
}

finished installation::shell_as_user(const std::string& script) const {
    return running(as_user({"sh", "-c", "PATH=" + (folder() / "bin").string() + ":$PATH; " + script}), user_folder())
        .wait();
}

std::vector<pid_t> installation::processes(const std::string& program) const {
    std::vector<pid_t> out;
    std::error_code gone;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (!std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; })) continue;
        const auto exe = fs::read_symlink(entry.path() / "exe", gone);
        if (gone || exe.parent_path() != folder() / "bin") continue;
        if (program.empty() || exe.filename() == program) out.push_back(static_cast<pid_t>(std::stol(name)));
    }
    return out;
}

}  // namespace firstfin::test
