#pragma once

#include <pcap/pcap.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "core/duration.hpp"
#include "harness/witness/packet.hpp"

namespace firstfin::capture_reading {

/// A capture file of libpcap's formats (pcap and pcapng, micro- and nanoseconds), frame by frame.
class capture_source {
public:
    /// "-" is standard input. Throws bad_input for what cannot be read at all.
    [[nodiscard]] static capture_source open(const std::string& file);
    /// Takes the stream over; `name` is for messages.
    capture_source(std::FILE* stream, std::string name);

    struct frame {
        duration at;                             ///< since 1970
        std::span<const std::uint8_t> captured;  ///< until the next call
        std::size_t wire_length;
    };
    /// Nothing at the end, and where the file cannot be read on.
    [[nodiscard]] std::optional<frame> next();

    [[nodiscard]] witness::link_type link() const { return link_; }
    /// In libpcap's words, such as "Ethernet".
    [[nodiscard]] std::string link_name() const;
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::uint64_t frames() const { return frames_; }
    /// Of the file, as far as read; nothing for a pipe.
    [[nodiscard]] std::optional<std::uint64_t> position() const;
    /// Why and where reading ended before the end of the file; empty: it did not.
    [[nodiscard]] const std::string& damage() const { return damage_; }

private:
    struct close_handle {
        void operator()(pcap_t* handle) const { pcap_close(handle); }
    };
    std::string name_;
    std::unique_ptr<char[]> read_ahead_;  ///< the stream's buffer: outlives it
    std::unique_ptr<pcap_t, close_handle> handle_;
    witness::link_type link_{};
    std::uint64_t frames_ = 0;
    std::string damage_;
};

}  // namespace firstfin::capture_reading
