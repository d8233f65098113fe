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

/// What a capture takes, and how much of it.
struct capture_options {
    /// Captured bytes a frame: all headers, and a first line of HTTP. At least `marker_snapshot_length`.
    static constexpr int whole_headers = 320;
    /// Ethernet, IP, UDP and the marker of `capture::drain`; also Ethernet, IP and TCP with any options.
    static constexpr int marker_snapshot_length = 144;

    std::string filter = "tcp";  ///< of pcap-filter(7); the marker passes beside it
    int snapshot_length = whole_headers;
    /// Holds the burst of some 100,000 handshakes' first seconds; libpcap's default of 2 MB does too, while somebody
    /// reads.
    int kernel_buffer_bytes = 16 * 1024 * 1024;

    /// The segments that begin and end connections. `tcp[tcpflags]` is IPv4's alone: IPv6 needs the offset, which holds
    /// where no other header stands before TCP's.
    static constexpr const char* syn_fin_rst =
        "tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0 or "
        "(ip6 and ip6[6] = 6 and ip6[40 + 13] & (tcp-syn|tcp-fin|tcp-rst) != 0)";
};

/// The witness *wire*: everything TCP that passes one interface of a namespace, unless the options choose. Never
/// blocks; read it when `fd` is readable. Stopping a capture loses its tail while the kernel still reports no drops, so
/// `drain` sends a marker datagram through the same interface and reads until it comes by.
class capture {
public:
    using on_frame = std::function<void(time_point, std::span<const std::uint8_t>)>;

    /// Captured bytes a frame, unless told otherwise.
    static constexpr int snapshot_length = capture_options::whole_headers;

    capture(const sandbox::network_namespace& inside, const std::string& interface, const endpoint& marker_target,
            const capture_options& options = {});
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
