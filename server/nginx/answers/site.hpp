#pragma once

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "server/http_request/refusal.hpp"
#include "server/http_request/request_rules.hpp"
#include "server/nginx/answers/answer.hpp"
#include "server/nginx/exchange.hpp"
#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

/// A configuration made ready to answer requests: servers by name, locations, templates of headers, open logs. Never
/// changes; a reload makes another one. Answers depend on the request, the files below the roots and nothing else.
class site {
public:
    /// `files`: what positions count (configuration::files). `prefix`: where relative paths start (nginx -p), with its
    /// last slash. Opens the access logs. Throws environment_lacks when one cannot be opened, bad_input for what is
    /// read but cannot be served (ssl).
    site(nginx_conf::http_settings settings, std::vector<std::string> files, std::string prefix);
    ~site();
    site(const site&) = delete;
    site& operator=(const site&) = delete;

    [[nodiscard]] const nginx_conf::http_settings& settings() const;
    /// What the configuration says and nobody here follows ("rewrite", "if", "gzip on" ...), as lines for the error log
    /// with file:line:column.
    [[nodiscard]] const std::vector<std::string>& notes() const;
    /// How requests on this socket are read until Host is known, and for how long: its default server's.
    [[nodiscard]] const http_request::request_rules& rules(std::size_t listen) const;
    [[nodiscard]] const nginx_conf::server_settings& default_server(std::size_t listen) const;

    /// Everything between a complete header and the first byte of the answer: find the server, the location, its
    /// content, the header (nginx's phases and header filter). `out` is cleared first.
    void answer_to(const exchange& what, answer& out) const;
    /// The answer to what is no request (ngx_http_finalize_request with an error while the header is read).
    void answer_to_refused(const exchange& what, const http_request::refusal& why, answer& out) const;

    /// The access logs' lines. `sent`: bytes of `out` that were handed to the kernel; `ended_early`: the client went,
    /// or was cut off.
    void log(const exchange& what, const answer& out, std::int64_t sent) const;
    /// A request that ended before it could be answered: 400 or 408 in the log, nothing on the wire.
    void log_unanswered(const exchange& what, int status) const;
    /// USR1: logs may have been moved away. `owner`: whose the new files shall be, so that a worker that is no longer
    /// root can open them too; -1 leaves them to whoever opens them.
    void reopen_logs(uid_t owner = static_cast<uid_t>(-1));

private:
    class implementation;
    std::unique_ptr<implementation> inside_;
};

}  // namespace firstfin::nginx
