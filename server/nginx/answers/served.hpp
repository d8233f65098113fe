#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/nginx/answers/content_type.hpp"
#include "server/nginx/answers/location_finder.hpp"
#include "server/nginx/answers/text_template.hpp"
#include "server/nginx_conf/settings.hpp"

// A configuration made ready: what can be decided before a request comes is decided in here.

namespace firstfin::nginx {

class access_log;

struct served_return {
    int code = 0;
    bool has_text = false;
    text_template text;
};

struct served_error_page {
    int code = 0;
    std::optional<int> answer;  ///< 0: whatever the page itself gets
    text_template uri;
    std::string path;  ///< of a constant URI, and its arguments
    std::optional<std::string> args;
};

struct served_header {
    enum class kind : std::uint8_t { line, etag, last_modified };
    kind what = kind::line;
    std::string name;
    text_template value;
    bool always = false;
};

struct served_try {
    struct file {
        text_template path;
        bool is_folder = false;
    };
    std::vector<file> files;
    text_template otherwise;
    std::optional<int> code;  ///< "=404" in its place
};

/// `root` or `alias`, relative ones completed.
class root_path {
public:
    root_path() = default;
    root_path(text_template path, std::string prefix) : path_(std::move(path)), prefix_(std::move(prefix)) {}
    void append(std::string& out, const moment& at) const;

private:
    text_template path_;
    std::string prefix_;
};

/// nginx's HTML of every status, with its last lines.
class special_pages {
public:
    explicit special_pages(std::string_view server);
    [[nodiscard]] const std::string& of(int status) const;

private:
    std::vector<std::string> by_status_;
};

struct served_location {
    const nginx_conf::location_settings* from = nullptr;
    const nginx_conf::location_values* values = nullptr;

    std::string server_lines;  ///< "Server: ...\r\nDate: "
    std::string kept_lines;    ///< "Connection: keep-alive\r\n", and Keep-Alive
    const special_pages* pages = nullptr;
    const content_type_table* types = nullptr;
    root_path root;
    std::size_t alias_size = 0;  ///< how much of a URI the alias stands for
    std::vector<text_template> index;
    std::vector<served_error_page> error_pages;
    std::vector<served_header> headers;
    std::optional<served_return> returns;
    std::optional<served_try> tries;
    std::vector<const access_log*> logs;
    text_template limit_rate;
    std::int64_t constant_rate = 0;

    std::vector<std::unique_ptr<served_location>> nested;
    location_finder below;

    /// limit_rate, bytes a second.
    [[nodiscard]] std::int64_t rate(const moment& at) const;
};

struct served_server {
    const nginx_conf::server_settings* from = nullptr;
    std::size_t index = 0;
    std::string name;  ///< $server_name
    served_location level;
    std::vector<const served_location*> named;

    [[nodiscard]] const served_location* find_named(std::string_view wanted) const;
};

}  // namespace firstfin::nginx
