#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace firstfin::nginx {

enum class log_level : std::uint8_t { stderr_only, emerg, alert, crit, error, warn, notice, info, debug };

/// "warn" ... and nginx's "debug_http" and its like, which are parts of debug.
[[nodiscard]] std::optional<log_level> log_level_of(std::string_view name);

/// One error_log of the main level: nginx's lines, "2026/11/22 20:40:27 [alert] 123#123: *5 text". Several processes
/// append to the same file, each line in one write. Until the program serves, somebody waits at the terminal: warnings
/// and worse are then told on standard error too, as "firstfin-server: [emerg] text" (ngx_use_stderr).
class error_log {
public:
    /// Standard error, until a configuration names something else.
    error_log() = default;
    /// Throws environment_lacks when the file cannot be opened. "stderr" is standard error.
    error_log(std::string path, log_level least);
    ~error_log();
    error_log(error_log&& from) noexcept;
    error_log& operator=(error_log&& from) noexcept;

    [[nodiscard]] bool takes(log_level level) const { return level <= least_; }
    /// `connection` 0: of none. Never throws and never blocks on anything but the file.
    void write(log_level level, std::string_view text, std::uint64_t connection = 0) const;
    /// `owner`: as in site::reopen_logs().
    void reopen(uid_t owner = static_cast<uid_t>(-1));

    /// The same log, for the time until serving begins.
    [[nodiscard]] error_log while_starting() &&;
    /// Serving begins: standard error becomes the log's file, so that no terminal or pipe stays open for it
    /// (ngx_log_redirect_stderr). A log on standard error stays there.
    void take_standard_error();

private:
    std::string path_;
    int fd_ = 2;
    log_level least_ = log_level::notice;
    bool starting_ = false;
};

}  // namespace firstfin::nginx
