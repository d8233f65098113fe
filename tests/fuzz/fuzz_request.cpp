#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>
#include <string>

#include "server/http_request/chunked_reader.hpp"
#include "server/http_request/request_parser.hpp"

// Any bytes are a request, the beginning of one, or refused; and which of these they are does not depend on the pieces
// they come in. The first byte of the input chooses the rules, the second the pieces.

namespace {

using namespace firstfin::http_request;

void require(bool holds) {
    if (!holds) std::abort();
}

/// What became of some bytes, as a text to compare.
struct outcome {
    int progress = 0;
    std::size_t consumed = 0;
    std::string text;
    refusal why;

    bool operator==(const outcome&) const = default;
};

bool lies_in(std::string_view part, std::string_view whole) {
    return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

std::string text_of(const request& one) {
    std::string text;
    for (const auto part :
         {one.method_text, one.line, one.target, one.path, one.args, one.protocol, one.host, one.user_agent}) {
        text.append(part).push_back('\n');
    }
    for (std::size_t at = 0; at != one.headers.size(); ++at)
        text.append(one.headers[at].name).append(": ").append(one.headers[at].value).push_back('\n');
    text += std::to_string(one.version) + ' ' + std::to_string(static_cast<int>(one.verb)) + ' ' +
            std::to_string(static_cast<int>(one.wish)) + ' ' + std::to_string(one.content_length.value_or(12345)) +
            ' ' + (one.chunked ? 'c' : '-') + (one.expects_continue ? 'e' : '-') +
            (one.allows_keep_alive() ? 'k' : '-');
    return text;
}

void check(const request& one, std::string_view bytes) {
    require(one.path.starts_with('/'));
    const bool connect = one.verb == method::connect;
    require(connect || !one.path.ends_with("/.."));
    require(one.path.find("/../") == std::string_view::npos && one.path.find("/./") == std::string_view::npos);
    require(one.path.find('\0') == std::string_view::npos);
    require(one.host.find_first_of(std::string_view(" /\0\n\r", 5)) == std::string_view::npos);
    for (const auto part : {one.method_text, one.line, one.target, one.args, one.protocol, one.user_agent})
        require(lies_in(part, bytes));
    for (std::size_t at = 0; at != one.headers.size(); ++at)
        require(lies_in(one.headers[at].name, bytes) && lies_in(one.headers[at].value, bytes));
}

/// Fed in pieces of `step` bytes, each time from another place, so that reading what was not given, or keeping a
/// pointer to it, is seen by the sanitizer.
outcome parse(request_parser& parser, std::string_view bytes, std::size_t step, bool drops) {
    parser.reset();
    outcome now;
    std::size_t dropped = 0;
    for (std::size_t size = std::min(step, bytes.size());; size = std::min(size + step, bytes.size())) {
        const auto given = std::make_unique<char[]>(size - dropped);
        std::memcpy(given.get(), bytes.data() + dropped, size - dropped);
        const std::string_view part(given.get(), size - dropped);
        const auto done = parser.feed(part);
        now.progress = static_cast<int>(done);
        if (done == request_parser::progress::complete) {
            require(parser.consumed() <= part.size());
            now.consumed = parser.consumed() + dropped;
            check(parser.get(), part);
            now.text = text_of(parser.get());
        } else if (done == request_parser::progress::refused) {
            now.why = parser.why();
            require(now.why.status >= 400 && now.why.status <= 505);
        }
        if (done != request_parser::progress::wants_more || size == bytes.size()) return now;
        if (drops) dropped += parser.drop_line_ends();
        require(dropped <= size);
    }
}

outcome read_chunks(std::string_view bytes, std::size_t step, const dialect& speaks, std::uint64_t most) {
    chunked_reader reader(speaks, most);
    outcome now;
    while (!bytes.empty()) {
        const auto size = std::min(step, bytes.size());
        const auto given = std::make_unique<char[]>(size);
        std::memcpy(given.get(), bytes.data(), size);
        const auto done = reader.feed({given.get(), size});
        require(reader.consumed() <= size);
        require(done != chunked_reader::progress::wants_more || reader.consumed() == size);
        require(most == chunked_reader::no_limit || reader.body_size() <= most);
        now.progress = static_cast<int>(done);
        now.consumed += reader.consumed();
        now.text = std::to_string(reader.body_size());
        now.why = reader.why();
        if (done != chunked_reader::progress::wants_more) break;
        bytes.remove_prefix(size);
    }
    return now;
}

request_rules rules_for(unsigned choice) {
    request_rules rules;
    if ((choice & 1U) != 0) {
        rules.client_header_buffer_size = 16;
        rules.large_buffers = 2;
        rules.large_buffer_size = 64;
    }
    rules.ignore_invalid_headers = (choice & 2U) == 0;
    rules.underscores_in_headers = (choice & 4U) != 0;
    rules.merge_slashes = (choice & 8U) == 0;
    rules.max_headers = (choice & 16U) != 0 ? 3 : 0;
    if ((choice & 32U) != 0) rules.speaks = dialect::of_nginx(1, 31, 5);
    return rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const auto rules = rules_for(data[0]);
    const std::size_t step = 1 + data[1] % 40U;
    const std::string_view bytes(reinterpret_cast<const char*>(data + 2), size - 2);
    request_parser parser(rules);
    const auto whole = parse(parser, bytes, bytes.size(), false);
    require(whole == parse(parser, bytes, 1, false));
    require(whole == parse(parser, bytes, step, true));

    const std::uint64_t most = (data[0] & 64U) != 0 ? 20 : chunked_reader::no_limit;
    const auto body = bytes.substr((data[0] & 128U) != 0 ? whole.consumed : 0);
    const auto read = read_chunks(body, bytes.size(), rules.speaks, most);
    require(read == read_chunks(body, 1, rules.speaks, most));
    require(read == read_chunks(body, step, rules.speaks, most));
    return 0;
}
