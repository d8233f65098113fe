#include "server/nginx/answers/notes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "server/nginx_conf/values.hpp"

namespace firstfin::nginx {

namespace {

using nginx_conf::location_settings;

/// They change no byte that is answered and no moment of a close: sizes of tables and pools, caches, words for logs.
constexpr auto harmless = std::to_array<std::string_view>({
    "aio",
    "aio_write",
    "client_body_buffer_size",
    "client_body_in_single_buffer",
    "client_body_temp_path",
    "connection_pool_size",
    "directio",
    "directio_alignment",
    "fastcgi_temp_path",
    "log_not_found",
    "log_subrequest",
    "map_hash_bucket_size",
    "map_hash_max_size",
    "open_log_file_cache",
    "output_buffers",
    "postpone_output",
    "proxy_headers_hash_bucket_size",
    "proxy_headers_hash_max_size",
    "proxy_temp_path",
    "read_ahead",
    "referer_hash_bucket_size",
    "referer_hash_max_size",
    "request_pool_size",
    "rewrite_log",
    "root",
    "scgi_temp_path",
    "sendfile_max_chunk",
    "send_lowat",
    "server_names_hash_bucket_size",
    "server_names_hash_max_size",
    "ssl_protocols",
    "ssl_prefer_server_ciphers",
    "ssl_ciphers",
    "ssl_session_cache",
    "ssl_session_timeout",
    "subrequest_output_buffer_size",
    "types_hash_bucket_size",
    "types_hash_max_size",
    "uwsgi_temp_path",
    "variables_hash_bucket_size",
    "variables_hash_max_size",
    "gzip_buffers",
    "gzip_comp_level",
    "gzip_disable",
    "gzip_hash",
    "gzip_http_version",
    "gzip_min_length",
    "gzip_no_buffer",
    "gzip_proxied",
    "gzip_types",
    "gzip_vary",
    "gzip_window",
    "server_name",
    "zone",
});

/// Of a *_pass: that one says it for all.
bool is_detail(std::string_view name) {
    constexpr auto kinds =
        std::to_array<std::string_view>({"proxy_", "fastcgi_", "uwsgi_", "scgi_", "grpc_", "memcached_"});
    return std::ranges::any_of(kinds, [&](std::string_view kind) { return name.starts_with(kind); });
}

class level_walk {
public:
    explicit level_walk(note_list& notes) : notes_(notes) {}

    void level(const location_settings& at) {
        const auto& values = at.values;
        if (values.gzip.value) notes_.add(values.gzip.where, "gzip", "gzip on is not followed: nothing is compressed");
        if (values.ssi.value)
            notes_.add(values.ssi.where, "ssi", "ssi on loses the length of pages, as in nginx, and includes nothing");
        if (at.pass) notes_.add(at.pass->where, at.pass_kind, at.pass_kind + " is not followed: the answer is 501");
        for (const auto& each : at.ifs)
            notes_.add(first_place(each), "if", "if is not followed: its block is left out");
        for (const auto& each : values.access_logs.value)
            if (each.path.starts_with("syslog:") || nginx_conf::has_variables(each.path))
                notes_.add(
                    each.where, "access_log " + each.path,
                    fmt::format("access_log {} is not followed: only files with a fixed name are written", each.path));
        for (const auto& each : at.nested)
            level(each);
    }

private:
    static nginx_conf::position first_place(const nginx_conf::if_settings& block) { return block.inside.where; }
    note_list& notes_;
};

}  // namespace

void note_list::add(nginx_conf::position where, const std::string& about, const std::string& text) {
    if (!known_.insert(about).second) return;
    into_.push_back(fmt::format("{}: {}", nginx_conf::origin_in_words(where, files_), text));
}

void note_what_is_not_followed(const nginx_conf::http_settings& settings, note_list& notes) {
    for (const auto& each : settings.variables)
        notes.add(each.source.name.where, each.kind, each.kind + " is not followed: its variables are empty");
    for (const auto& each : settings.others)
        if (each.first != "off" && !is_detail(each.name) && std::ranges::find(harmless, each.name) == harmless.end())
            notes.add(each.where, each.name, each.name + " is not followed");
    level_walk walk(notes);
    for (const auto& each : settings.servers)
        walk.level(each.level);
}

}  // namespace firstfin::nginx
