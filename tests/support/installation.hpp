#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {

/// What a program left behind when it ended.
struct finished {
    int exit_code = -1;  ///< 128 + signal when a signal ended it
    std::string out;
    std::string err;
};

/// A program under test while it runs; its output goes to files, so that it never waits for the test.
class running {
public:
    running(std::vector<std::string> command, const std::filesystem::path& folder);
    ~running();
    running(running&& other) noexcept;
    running(const running&) = delete;

    void signal(int number) const;
    [[nodiscard]] bool is_over();
    [[nodiscard]] finished wait();
    [[nodiscard]] std::string out_so_far() const;
    [[nodiscard]] std::string err_so_far() const;

private:
    pid_t pid_ = -1;
    std::optional<int> status_;
    std::filesystem::path out_;
    std::filesystem::path err_;
};

/// firstfin and its two role programs, copied into a folder of their own: processes found there belong to this test
/// alone, whatever else runs on the machine. Readable for every user. Programs start with the folder as working
/// directory.
class installation {
public:
    installation();

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    /// Writes a file below the folder; answers its path.
    std::string file(const std::string& name, const std::string& text) const;

    [[nodiscard]] running start(std::vector<std::string> arguments) const;
    [[nodiscard]] finished firstfin(std::vector<std::string> arguments) const {
        return start(std::move(arguments)).wait();
    }
    /// Any command line, with the programs' folder in front of PATH.
    [[nodiscard]] finished shell(const std::string& script) const;

    /// The same as an ordinary user, in a folder of theirs: user 65534 when the tests run as root, else whoever runs
    /// them.
    [[nodiscard]] static uid_t user();
    [[nodiscard]] std::filesystem::path user_folder() const { return folder() / "user"; }
    [[nodiscard]] running start_as_user(const std::vector<std::string>& arguments) const;
    [[nodiscard]] finished firstfin_as_user(const std::vector<std::string>& arguments) const {
        return start_as_user(arguments).wait();
    }
    [[nodiscard]] finished shell_as_user(const std::string& script) const;
    /// The command line that runs a command as that user.
    [[nodiscard]] static std::vector<std::string> as_user(const std::vector<std::string>& command);

    /// Processes that run one of our programs ("firstfin-server"; empty: any).
    [[nodiscard]] std::vector<pid_t> processes(const std::string& program = {}) const;

private:
    temporary_folder folder_;
};

}  // namespace firstfin::test
