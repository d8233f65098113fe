#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/sandbox/child_process.hpp"
#include "harness/subjects/subject.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::testing {

/// Why the program cannot be run here, with the remedy; nothing: it can.
[[nodiscard]] std::optional<std::string> missing(const subjects::client_subject& subject);

/// A client program as a run would have it: alone with its children in a PID namespace, with a folder of its own.
class running_client {
public:
    /// `asked` without folder.
    running_client(const subjects::client_subject& subject, subjects::client_request asked,
                   const sandbox::network_namespace& network);

    [[nodiscard]] time_point started() const { return started_; }
    [[nodiscard]] bool is_running() { return !client_.try_wait(); }
    [[nodiscard]] std::string folder() const { return folder_.path().string(); }

private:
    test::temporary_folder folder_;
    sandbox::pid_namespace processes_;  // before its children: it goes after them
    time_point started_;
    sandbox::child_process client_;
};

}  // namespace firstfin::testing
