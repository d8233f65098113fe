#pragma once

#include <string>
#include <vector>

#include "harness/capture_reading/connection_table.hpp"
#include "tests/harness/verdict/story.hpp"

namespace firstfin::testing {

/// A story's segments as a stranger captured them: damaged, cut and rearranged before they are read.
class told_capture {
public:
    explicit told_capture(const story& told) : segments(told.told().segments), ends(told.told().tuple) {}

    /// Whole payloads: requests and responses of HTTP/1.1, unless other texts are given.
    told_capture& payload_captured(std::uint32_t bytes) {
        captured_ = bytes;
        return *this;
    }
    told_capture& client_says(std::string text) {
        client_text_ = std::move(text);
        return *this;
    }
    told_capture& server_says(std::string text) {
        server_text_ = std::move(text);
        return *this;
    }
    told_capture& only(side from);
    told_capture& from_segment(std::size_t first);
    told_capture& without(std::size_t index);
    told_capture& every_segment_twice();
    told_capture& swapped(std::size_t index);
    /// The same again later on the same ports, with other sequence numbers.
    told_capture& and_again(duration later, std::uint32_t shift);
    told_capture& ports(std::uint16_t client, std::uint16_t server);

    [[nodiscard]] std::vector<capture_reading::connection_record> records(std::optional<std::uint16_t> port = {}) const;
    /// As a nanosecond pcap of Ethernet frames.
    [[nodiscard]] std::string pcap() const;

    std::vector<witness::segment> segments;
    four_tuple ends;

private:
    [[nodiscard]] witness::packet packet_of(const witness::segment& one) const;
    [[nodiscard]] std::string text_of(const witness::segment& one) const;

    std::uint32_t captured_ = ~0U;
    std::string client_text_ = "GET /item HTTP/1.1\r\nHost: shop.example\r\n\r\n";
    std::string server_text_ = "HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\n";
};

}  // namespace firstfin::testing
