#pragma once

#include <pcap/pcap.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "core/duration.hpp"
#include "core/endpoint.hpp"
#include "harness/sandbox/network_namespace.hpp"

namespace firstfin::witness {

/// Distance between the wall clock, which stamps packets, and the monotonic clock, which stamps everything else.
[[nodiscard]] duration wall_minus_monotonic();

/// The capture that stays with a run: nanosecond pcap, Ethernet.
class capture_file {
public:
    explicit capture_file(const std::filesystem::path& file);

    void write(const pcap_pkthdr& header, const std::uint8_t* bytes);
    /// False once a write has failed (disk full).
    [[nodiscard]] bool flush();

private:
    struct close_handle {
        void operator()(pcap_t* handle) const { pcap_close(handle); }
        void operator()(pcap_dumper_t* dumper) const { pcap_dump_close(dumper); }
    };
    std::unique_ptr<pcap_t, close_handle> format_;
    std::unique_ptr<pcap_dumper_t, close_handle> dumper_;
};

/// The witness *wire*: everything TCP that passes one interface of a namespace. Never blocks; read it when `fd` is
/// readable. Stopping a capture loses its tail while the kernel still reports no drops, so `drain` sends a marker
/// datagram through the same interface and reads until it comes by.
class capture {
public:
    using on_frame = std::function<void(time_point, std::span<const std::uint8_t>)>;

    /// Captured bytes a frame: all headers, and a first line of HTTP.
    static constexpr int snapshot_length = 320;

    capture(const sandbox::network_namespace& inside, const std::string& interface, const endpoint& marker_target);
    ~capture();
    capture(const capture&) = delete;
    capture& operator=(const capture&) = delete;

    [[nodiscard]] int fd() const;
    /// Hands over what is there, in order; copies it into `file` when given.
    void read(const on_frame& each, capture_file* file);

    struct end {
        std::uint64_t captured = 0;
        std::uint64_t lost = 0;      ///< received by the kernel's filter, never handed over
        bool tail_seen = false;      ///< the marker came by: nothing before it is missing at the end
        bool clock_stepped = false;  ///< wall and monotonic clock moved apart by more than 1 ms
    };
    /// Sends the marker and reads up to it, for at most `patience`.
    [[nodiscard]] end drain(duration patience, const on_frame& each, capture_file* file);

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace firstfin::witness
