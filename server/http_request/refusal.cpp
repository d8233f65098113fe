#include "server/http_request/refusal.hpp"

namespace firstfin::http_request {

refusal refused_for(refusal_reason reason) {
    refusal one;
    one.reason = reason;
    one.status = 400;
    switch (reason) {
        case refusal_reason::unsupported_version:
            one.status = 505;
            break;
        case refusal_reason::target_too_long:
            one.status = 414;
            break;
        case refusal_reason::unknown_coding:
            one.status = 501;
            break;
        case refusal_reason::connect_method:
        case refusal_reason::trace_method:
            one.status = 405;
            break;
        case refusal_reason::body_too_large:
            one.status = 413;
            break;
        case refusal_reason::header_too_large:
        case refusal_reason::too_many_header_lines:
            one.lingers = true;
            break;
        default:
            break;
    }
    return one;
}

std::string_view describe(refusal_reason reason) {
    switch (reason) {
        case refusal_reason::none:
            return "not refused";
        case refusal_reason::invalid_method:
            return "invalid method";
        case refusal_reason::invalid_request_line:
            return "invalid request line";
        case refusal_reason::unsupported_version:
            return "HTTP version not supported";
        case refusal_reason::method_of_0_9:
            return "HTTP/0.9 has no method but GET";
        case refusal_reason::invalid_path:
            return "invalid path";
        case refusal_reason::invalid_target_host:
            return "invalid host in the request line";
        case refusal_reason::target_too_long:
            return "request line too long";
        case refusal_reason::invalid_header_line:
            return "invalid header line";
        case refusal_reason::header_too_large:
            return "header too large";
        case refusal_reason::too_many_header_lines:
            return "too many header lines";
        case refusal_reason::duplicate_header_line:
            return "duplicate header line";
        case refusal_reason::duplicate_host:
            return "duplicate Host";
        case refusal_reason::invalid_host:
            return "invalid Host";
        case refusal_reason::missing_host:
            return "HTTP/1.1 without Host";
        case refusal_reason::invalid_content_length:
            return "invalid Content-Length";
        case refusal_reason::coding_in_1_0:
            return "Transfer-Encoding in HTTP/1.0";
        case refusal_reason::length_and_coding:
            return "both Content-Length and Transfer-Encoding";
        case refusal_reason::unknown_coding:
            return "unknown Transfer-Encoding";
        case refusal_reason::connect_method:
            return "method CONNECT";
        case refusal_reason::trace_method:
            return "method TRACE";
        case refusal_reason::invalid_chunk:
            return "invalid chunked body";
        case refusal_reason::body_too_large:
            return "body too large";
    }
    return "";
}

}  // namespace firstfin::http_request
