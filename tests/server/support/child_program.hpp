#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "tests/server/support/event_log.hpp"

namespace firstfin::test {

/// The real program as a child: feeds its standard input, reads its standard output by lines.
class child_program {
public:
    /// `descriptor_limit`: RLIMIT_NOFILE, soft and hard; 0 leaves it alone.
    explicit child_program(const std::vector<std::string>& arguments, std::string_view input = {},
                           unsigned descriptor_limit = 0);
    child_program(const child_program&) = delete;
    child_program& operator=(const child_program&) = delete;
    ~child_program();

    [[nodiscard]] std::string read_line();  ///< throws after `patience`
    [[nodiscard]] role::event read_event();
    /// Reads on until an event of this kind.
    [[nodiscard]] role::event await(role::event_kind kind);
    [[nodiscard]] std::vector<role::event> events_to_end();
    [[nodiscard]] std::string rest_of_output();
    void close_output();  ///< nobody reads any more

    void signal(int number) const;
    [[nodiscard]] int exit_code();
    [[nodiscard]] std::string complaint();  ///< its standard error, after its end
    [[nodiscard]] duration cpu_time() const;

private:
    [[nodiscard]] bool fill();

    pid_t pid_ = -1;
    int out_ = -1;
    int error_ = -1;
    std::string rest_;
    std::optional<int> exit_code_;
};

}  // namespace firstfin::test
