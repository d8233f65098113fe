#pragma once

#include <cstdint>

#include "core/duration.hpp"
#include "core/endpoint.hpp"
#include "server/http_request/request.hpp"
#include "server/nginx/worker_clock.hpp"

namespace firstfin::nginx {

/// A connection as variables and decisions see it.
struct connection_facts {
    std::uint64_t number = 0;    ///< $connection: nginx numbers them from 1 in each process
    std::uint64_t requests = 0;  ///< $connection_requests: this one included
    time_point accepted;
    endpoint remote;
    endpoint local;
    std::size_t listen = 0;  ///< index into http_settings::listens
};

/// One request being answered: what it is, and what the worker knows beside it. Refers to things that outlive the
/// answering of it.
struct exchange {
    const http_request::request& request;  ///< of a refused one: what could be read of it
    const connection_facts& connection;
    const worker_clock& clock;
    bool exiting = false;         ///< the worker shall end: no answer keeps its connection (ngx_http_header_filter)
    bool pipelined = false;       ///< it came with the one before it
    int discard_error = 0;        ///< the part of its body that is here already is bad: the status to answer, or 0
    std::size_t header_size = 0;  ///< bytes of the request's header
    time_point began{};           ///< its first byte
};

}  // namespace firstfin::nginx
