#include <cstdio>
#include <cstdlib>
#include <set>

#include "core/parse_error.hpp"
#include "harness/capture_reading/read_capture.hpp"

// Any file is a capture or a bad_input; whatever is read of it keeps its own rules.

namespace {

using namespace firstfin;
using namespace firstfin::capture_reading;

void require(bool holds) {
    if (!holds) std::abort();
}

void check(const connection_record& one) {
    require(one.lasted >= duration::zero());
    require(one.segments != 0);
    require(one.requests <= one.segments);
    require(one.lost == loss::none || (one.requests != 0 && one.closed_first() != party::client));
    require(one.closed_first().has_value() == one.order_is_known());
    require((one.closed_by() == close_sign::none) == (one.closed_first().value_or(party::none) == party::none));
    require(!one.one_direction || one.unknown == capture_gap::one_direction);
    require(!one.impossible || (one.first_fin != party::both && one.first_fin != party::none));
}

void read(const std::uint8_t* data, std::size_t size, std::optional<std::uint16_t> port) {
    auto* stream = ::fmemopen(const_cast<std::uint8_t*>(data), size, "rb");
    if (stream == nullptr) return;  // nothing of size 0
    try {
        capture_source source(stream, "fuzz");
        std::set<std::uint64_t> numbers;
        std::uint64_t segments = 0;
        const auto facts = read_capture(
            source, port,
            [&](const connection_record& one) {
                check(one);
                require(!port || one.ends.server.port() == *port);
                require(numbers.insert(one.number).second);
                segments += one.segments;
            },
            [] { return true; });
        require(segments <= facts.segments && facts.segments <= facts.frames);
    } catch (const bad_input&) {
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read(data, size, std::nullopt);
    read(data, size, 80);
    return 0;
}
