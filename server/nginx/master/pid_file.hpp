#pragma once

#include <sys/types.h>

#include <string>

namespace firstfin::nginx {

/// The master's number in a file, as long as this object lives.
class pid_file {
public:
    pid_file() = default;
    /// Throws environment_lacks when it cannot be written.
    explicit pid_file(std::string path);
    ~pid_file();
    pid_file(pid_file&& from) noexcept;
    pid_file& operator=(pid_file&& from) noexcept;

    [[nodiscard]] const std::string& path() const { return path_; }

    /// What a file holds. Throws environment_lacks, in nginx's words, when there is none or no number in it.
    [[nodiscard]] static pid_t read(const std::string& path);

private:
    std::string path_;
};

}  // namespace firstfin::nginx
