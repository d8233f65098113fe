#include "harness/capture_reading/read_capture.hpp"

#include <fmt/format.h>

#include "core/parse_error.hpp"

namespace firstfin::capture_reading {

namespace {

std::span<const std::uint8_t> captured_payload(std::span<const std::uint8_t> frame, const witness::packet& seen) {
    if (seen.payload_at >= frame.size()) return {};
    const auto behind_headers = frame.subspan(seen.payload_at);
    return behind_headers.first(std::min<std::size_t>(behind_headers.size(), seen.payload));  // no padding
}

}  // namespace

capture_facts read_capture(capture_source& from, std::optional<std::uint16_t> server_port,
                           const connection_table::on_finished& each, const std::function<bool()>& go_on) {
    constexpr std::uint64_t frames_between_questions = 1 << 16;
    capture_facts out;
    connection_table table(server_port, each);
    while (const auto frame = from.next()) {
        if (const auto seen = witness::parse_frame(from.link(), frame->captured, frame->wire_length)) {
            ++out.segments;
            table.add(frame->at, *seen, captured_payload(frame->captured, *seen));
        }
        if (from.frames() % frames_between_questions == 0 && !go_on()) {
            out.interrupted = true;
            break;
        }
    }
    if (from.frames() == 0 && !from.damage().empty())
        throw bad_input(fmt::format("{}: {}", from.name(), from.damage()));
    table.finish();
    out.name = from.name();
    out.frames = from.frames();
    out.damage = from.damage();
    out.link = from.link_name();
    return out;
}

}  // namespace firstfin::capture_reading
