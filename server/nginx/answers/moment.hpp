#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "server/nginx/exchange.hpp"

namespace firstfin::nginx {

struct served_server;
struct served_location;

/// What belongs to the process and not to a request.
struct process_facts {
    std::string hostname;
    std::string version;       ///< "1.22.1"
    bool joins_lines = false;  ///< since 1.23.0 $http_name is all lines of that name
};

/// The parts of an answer's header that variables can see before it is written.
struct header_parts {
    std::string_view content_type{};
    std::int64_t content_length = -1;
    std::time_t last_modified = -1;
    std::string_view location{};
    std::string_view etag{};
};

/// A request as variables see it at some moment of its life.
struct moment {
    const exchange& what;
    const process_facts& process;
    const served_server* server = nullptr;
    const served_location* location = nullptr;
    std::string_view uri{};   ///< what $uri has become
    bool has_args = false;    ///< an internal redirect may have brought empty ones
    std::string_view args{};  ///< and $args
    bool has_uri = true;      ///< false: not even the request line was read
    bool became_get = false;
    bool adds_uri_to_alias = false;
    bool keeps_alive = false;
    int status = 0;
    const header_parts* parts = nullptr;  ///< before the header is written
    std::string_view head{};              ///< afterwards: the header itself
    std::int64_t sent = 0;                ///< bytes of the answer that the kernel took
    std::int64_t body_sent = 0;
    bool complete = false;
};

}  // namespace firstfin::nginx
