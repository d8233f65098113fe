#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/nginx_conf/settings.hpp"

namespace firstfin::nginx {

class open_file;
struct served_location;

/// A part of an answer that is not in its first bytes: text, or else a range of a file.
struct piece {
    std::string text;
    std::shared_ptr<const open_file> file;
    std::int64_t begin = 0;
    std::int64_t size = 0;  ///< of the range
};

/// What a request gets, complete: nothing in here is decided while it is sent.
struct answer {
    enum class kind : std::uint8_t {
        normal,
        nothing,  ///< `return 408`, 444, 499: not a byte, and the connection ends
    };

    kind what = kind::normal;
    int status = 0;             ///< $status
    std::string bytes;          ///< the header, and a short body right behind it; a body alone for HTTP/0.9
    std::size_t head_size = 0;  ///< how much of `bytes` is header
    std::vector<piece> rest;    ///< in order, behind `bytes`

    bool keeps_alive = false;       ///< goes on after this, if keepalive_timeout of `values` is not 0
    bool says_keep_alive = false;   ///< r->keepalive as the header filter left it: not kept if `ends_at_once`
    bool resets = false;            ///< 444: counts as timed out for reset_timedout_connection
    bool lingers = false;           ///< linger even when nothing more is there to read (a header too large)
    bool sends_continue = false;    ///< "100 Continue" goes before it
    bool ends_before_body = false;  ///< the rest of the request's body is not read first: it is no discard
    bool ends_at_once = false;      ///< closed behind the last byte, whatever its header says: no discard, no lingering
    std::int64_t rate = 0;          ///< limit_rate, bytes a second; 0: none

    /// Of the final location: its timeouts hold for what follows. Lives as long as the site.
    const nginx_conf::location_values* values = nullptr;
    /// For the log: where it was served, and what $uri became.
    std::size_t server = 0;
    const served_location* location = nullptr;  ///< lives as long as the site
    std::string uri;
    std::string redirected_args;  ///< $args, when an internal redirect brought others
    bool args_changed = false;
    bool has_args = false;    ///< $args is there, if only empty
    std::string unsent_head;  ///< HTTP/0.9 has no header, yet logs may ask what would be in it
    bool became_get = false;  ///< error_page makes everything but HEAD a GET, in the log too

    void clear();  ///< keeps the memory
};

}  // namespace firstfin::nginx
