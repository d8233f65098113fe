#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/run_program.hpp"
#include "tests/support/temporary_folder.hpp"

namespace firstfin::test {

/// The nginx installed here and firstfin-server, which shall say the same.
[[nodiscard]] std::string real_nginx();
[[nodiscard]] std::string our_server();
/// Skips, or fails where nothing may be skipped, when there is no nginx.
[[nodiscard]] bool nginx_is_missing();

/// A program with a folder of its own as its prefix, named alike for all: what it says can be compared.
class in_a_folder {
public:
    explicit in_a_folder(std::string program);
    ~in_a_folder();
    in_a_folder(const in_a_folder&) = delete;
    in_a_folder& operator=(const in_a_folder&) = delete;

    /// DIR and PORT in the text stand for the folder and the port.
    void write(const std::string& name, std::string text) const;
    [[nodiscard]] std::string text_of(const std::string& name) const;
    [[nodiscard]] program_output run(std::vector<std::string> arguments) const;
    [[nodiscard]] pid_t pid() const;
    [[nodiscard]] std::uint16_t port() const { return port_; }

    /// What stands behind date and process in its log or on its standard error, "[emerg] ...", with DIR and PORT back
    /// in place; of notices only what `notices` says.
    enum class notices : std::uint8_t { left_out, of_the_master };
    [[nodiscard]] std::vector<std::string> said(const std::string& text, notices which) const;

private:
    std::string program_;
    temporary_folder folder_;
    std::uint16_t port_;
};

}  // namespace firstfin::test
