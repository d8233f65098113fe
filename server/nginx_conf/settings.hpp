#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/duration.hpp"
#include "server/nginx_conf/condition.hpp"
#include "server/nginx_conf/configuration.hpp"
#include "server/nginx_conf/listen_value.hpp"
#include "server/nginx_conf/location_match.hpp"
#include "server/nginx_conf/regular_expression.hpp"
#include "server/nginx_conf/upstream_value.hpp"
#include "server/nginx_conf/values.hpp"

// What a configuration means: every setting as it holds at each level after nginx's merging (http -> server -> location
// -> nested location), and where it was set. Values and vectors only: a copy outlives the configuration it was made of.

namespace firstfin::nginx_conf {

template <class Value>
struct setting {
    Value value{};
    position where{};  ///< of the directive; unknown for nginx's default

    [[nodiscard]] bool is_default() const { return !where.is_known(); }
};

/// "FILE:LINE:COLUMN" or "default".
[[nodiscard]] std::string origin_in_words(position where, const std::vector<std::string>& files);

struct header_line {
    std::string name;
    std::string value;  ///< may hold variables; empty: the line is not sent
    bool always = false;
    position where;
};

struct error_page {
    std::vector<int> codes;
    std::optional<int> answer;  ///< "=200"; 0 for a bare "="
    std::string uri;            ///< a URI, a @name or a URL
    position where;
};

struct log_target {
    std::string path;
    std::string format_or_level;
    std::string condition;  ///< of if=
    position where;
};

struct return_value {
    int code = 0;
    std::optional<std::string> text;  ///< a body, or a URL for the redirecting codes
    position where;
};

enum class lingering : std::uint8_t { off, on, always };
enum class tokens : std::uint8_t { off, on, build };

struct disabled_keepalive {
    bool msie6 = true;
    bool safari = false;
};

/// Content types by lower-case extension. Shared: mime.types is long and most locations have the same.
using content_types = std::shared_ptr<const std::map<std::string, std::string>>;

/// What merges from level to level.
struct location_values {
    setting<std::string> root{"html"};  ///< or the alias
    setting<bool> is_alias;
    setting<std::vector<std::string>> index{{"index.html"}};
    setting<std::vector<error_page>> error_pages;
    setting<std::vector<header_line>> add_headers;
    setting<std::string> default_type{"text/plain"};
    setting<content_types> types;

    setting<milliseconds> keepalive_timeout{milliseconds(75'000)};
    setting<seconds> keepalive_header;  ///< the second value of keepalive_timeout; 0: no Keep-Alive line
    setting<std::int64_t> keepalive_requests{1000};
    setting<time_limit> keepalive_time{std::chrono::hours(1)};  ///< never before 1.19.10
    setting<disabled_keepalive> keepalive_disable;
    setting<milliseconds> keepalive_min_timeout;
    setting<lingering> lingering_close{lingering::on};
    setting<milliseconds> lingering_time{milliseconds(30'000)};
    setting<milliseconds> lingering_timeout{milliseconds(5'000)};
    setting<bool> reset_timedout_connection{false};
    setting<milliseconds> client_body_timeout{milliseconds(60'000)};
    setting<milliseconds> send_timeout{milliseconds(60'000)};
    setting<std::int64_t> client_max_body_size{1 << 20};  ///< 0: no limit
    setting<std::string> limit_rate{"0"};                 ///< bytes a second; may hold variables
    setting<bool> chunked_transfer_encoding{true};
    setting<bool> ssi{false};
    setting<bool> sendfile{false};
    setting<bool> tcp_nopush{false};
    setting<bool> tcp_nodelay{true};
    setting<bool> gzip{false};
    setting<bool> etag{true};
    setting<bool> msie_padding{true};
    setting<bool> absolute_redirect{true};
    setting<bool> port_in_redirect{true};
    setting<bool> server_name_in_redirect{false};
    setting<bool> recursive_error_pages{false};
    setting<tokens> server_tokens{tokens::on};
    setting<std::vector<log_target>> access_logs;  ///< empty with a place: "off"
    setting<std::vector<log_target>> error_logs;
    setting<std::vector<std::string>> resolver;

    setting<std::string> proxy_http_version{"1.1"};
    setting<std::vector<header_line>> proxy_set_headers;
    setting<milliseconds> proxy_connect_timeout{milliseconds(60'000)};
    setting<milliseconds> proxy_send_timeout{milliseconds(60'000)};
    setting<milliseconds> proxy_read_timeout{milliseconds(60'000)};
    setting<std::set<std::string>> proxy_next_upstream{{"error", "timeout"}};
    setting<std::int64_t> proxy_next_upstream_tries{0};  ///< 0: no limit
    setting<milliseconds> proxy_next_upstream_timeout;   ///< 0: no limit
    setting<bool> proxy_buffering{true};
    setting<bool> proxy_request_buffering{true};
    setting<bool> proxy_ignore_client_abort{false};
    setting<bool> proxy_socket_keepalive{false};
    setting<bool> fastcgi_keep_conn{false};
};

struct if_settings;

/// One location, or the server's own level.
struct location_settings {
    location_match match;  ///< of the server's level: prefix ""
    std::optional<regular_expression> pattern;
    position where;
    location_values values;

    // Of this level alone: nothing below inherits it. An `if` in a location takes the pass of its location.
    std::optional<setting<pass_target>> pass;
    std::string pass_kind;  ///< "proxy_pass", "fastcgi_pass", ...
    std::optional<setting<std::vector<std::string>>> try_files;
    std::optional<return_value> returns;  ///< the first `return` outside of ifs
    bool internal = false;
    bool rewrites = false;  ///< has rewrite, set or break: what is served may differ from what is written here

    std::vector<location_settings> nested;
    std::vector<if_settings> ifs;
};

/// An `if` block. Which of them apply is known per request only, so nothing is merged into the location.
struct if_settings {
    condition when;
    location_settings inside;
};

struct server_name {
    std::string text;  ///< lower case; a pattern keeps its "~" and its letters
    std::optional<regular_expression> pattern;
    position where;
};

struct placed_listen {
    listen_value value;
    position where;  ///< unknown for the *:80 of a server without `listen`
};

struct server_settings {
    position where;
    std::vector<server_name> names;  ///< "" alone when there is no server_name
    std::vector<placed_listen> listens;
    setting<milliseconds> client_header_timeout{milliseconds(60'000)};
    setting<std::int64_t> client_header_buffer_size{1024};
    setting<std::pair<std::int64_t, std::int64_t>> large_client_header_buffers{{4, 8192}};
    setting<bool> http2{false};
    setting<bool> ignore_invalid_headers{true};
    setting<bool> underscores_in_headers{false};
    setting<bool> merge_slashes{true};
    setting<std::int64_t> max_headers{0};  ///< 0: no limit, as before 1.29.8
    location_settings level;               ///< the server's own level, with its locations in `nested`
};

/// One address and port, and the servers behind it.
struct listen_socket {
    std::string text;      ///< "0.0.0.0:80", "[::1]:8080", "unix:/path"
    listen_value options;  ///< of the one `listen` that sets them; ssl, http2, proxy_protocol of any
    position where;        ///< of the `listen` the options come from
    std::size_t default_server = 0;
    std::vector<std::size_t> servers;  ///< indexes into http_settings::servers, in the order written
};

struct upstream_settings {
    std::string name;
    position where;
    std::vector<upstream_server> servers;
    std::string method = "round_robin";  ///< or least_conn, ip_hash, hash, random
    std::string zone;
    setting<std::int64_t> keepalive;  ///< idle connections a worker keeps; 0: none
    bool keepalive_local = false;     ///< kept per location
    bool keepalive_lost = false;      ///< before 1.29.7: a balancing method written after keepalive undoes it
    setting<milliseconds> keepalive_timeout{milliseconds(60'000)};
    setting<std::int64_t> keepalive_requests{1000};
    setting<time_limit> keepalive_time{std::chrono::hours(1)};
};

/// A directive inside of `http` of which nothing is in these settings.
struct other_directive {
    std::string name;
    std::string first;  ///< its first argument
    position where;
};

/// How `log_format` writes values: escape=.
enum class log_escape : std::uint8_t { standard, json, none };

struct log_format_details {
    log_escape escape = log_escape::standard;
    position where;
};

/// A block that makes a variable: map, geo, split_clients.
struct variable_block {
    std::string kind;
    std::string variable;  ///< without its $
    directive source;
};

struct core_settings {
    setting<std::optional<std::int64_t>> worker_processes{1};  ///< nothing: auto
    setting<std::int64_t> worker_connections{512};
    setting<std::optional<std::int64_t>> worker_rlimit_nofile;
    setting<time_limit> worker_shutdown_timeout{time_limit::never()};
    setting<bool> daemon{true};
    setting<bool> master_process{true};
    setting<std::string> pid;
    setting<std::string> user;
    std::string group;  ///< the second word of `user`; empty: named as the user
    setting<std::vector<log_target>> error_logs;
};

struct http_settings {
    nginx_version version;
    core_settings core;
    location_values values;  ///< the http level
    std::vector<server_settings> servers;
    std::vector<listen_socket> listens;
    std::vector<upstream_settings> upstreams;
    std::map<std::string, std::string> log_formats;
    std::map<std::string, log_format_details> log_details;  ///< of the same names
    std::vector<variable_block> variables;
    std::vector<other_directive> others;  ///< in the order written, level by level
};

/// What `read` means to nginx of this version. Of an invalid configuration: what can be made out, leaving out whatever
/// has the wrong place, count or value.
[[nodiscard]] http_settings effective(const configuration& read, const nginx_version& version = newest_known);

/// The Connection line that proxy_pass sends here; nothing when it sends none. May hold variables.
[[nodiscard]] std::optional<std::string> connection_to_upstream(const location_values& at,
                                                                const nginx_version& version);

}  // namespace firstfin::nginx_conf
