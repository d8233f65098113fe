#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "server/nginx/answers/text_template.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// A file that lines are appended to, each in one write.
class log_file {
public:
    /// Throws environment_lacks when it cannot be opened.
    explicit log_file(std::string path);
    ~log_file();
    log_file(const log_file&) = delete;
    log_file& operator=(const log_file&) = delete;

    void write(std::string_view line) const;
    /// Keeps the old one when the new one cannot be opened. `owner`: who the file shall belong to, when it is a user.
    void reopen(uid_t owner);
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    [[nodiscard]] int open_now() const;
    std::string path_;
    int fd_ = -1;
};

/// What `escape=` makes of a value (ngx_http_log_escape, ngx_escape_json).
void append_escaped(std::string& out, std::string_view value, nginx_conf::log_escape how);

/// One access_log: where, how and whether a request is written.
class access_log {
public:
    access_log(const log_file& file, text_template format, nginx_conf::log_escape escape,
               std::optional<text_template> condition)
        : file_(file), format_(std::move(format)), escape_(escape), condition_(std::move(condition)) {}

    void write(const moment& at) const;
    /// Without its end.
    [[nodiscard]] std::string line(const moment& at) const;

private:
    const log_file& file_;
    text_template format_;
    nginx_conf::log_escape escape_;
    std::optional<text_template> condition_;
};

}  // namespace firstfin::nginx
