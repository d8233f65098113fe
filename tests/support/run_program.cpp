#include "tests/support/run_program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {

namespace {

std::string contents(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void send_to(int descriptor, const std::string& path) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::dup2(file, descriptor) < 0) ::_exit(126);
}

}  // namespace

program_output run_program(const std::vector<std::string>& command) {
    const temporary_folder here;
    const auto out = (here.path() / "out").string();
    const auto err = (here.path() / "err").string();
    std::vector<char*> words;
    for (const auto& each : command)
        words.push_back(const_cast<char*>(each.c_str()));
    words.push_back(nullptr);
    const auto child = ::fork();
    if (child == 0) {
        send_to(STDOUT_FILENO, out);
        send_to(STDERR_FILENO, err);
        ::execvp(words[0], words.data());
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), contents(out), contents(err)};
}

}  // namespace firstfin::test
