#include "harness/capture_reading/capture_source.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "core/parse_error.hpp"

namespace firstfin::capture_reading {

using witness::link_type;

namespace {

struct known_link {
    int number;  ///< DLT_..., as libpcap names them
    link_type type;
};
constexpr std::array known_links{known_link{DLT_EN10MB, link_type::ethernet},
                                 known_link{DLT_LINUX_SLL, link_type::linux_cooked},
                                 known_link{DLT_LINUX_SLL2, link_type::linux_cooked_v2},
                                 known_link{DLT_NULL, link_type::bsd_loopback},
                                 known_link{DLT_LOOP, link_type::bsd_loopback},
                                 known_link{DLT_RAW, link_type::raw_ip},
                                 known_link{DLT_IPV4, link_type::raw_ip},
                                 known_link{DLT_IPV6, link_type::raw_ip}};

constexpr std::size_t read_ahead = 256 * 1024;

std::string name_of_link(int number) {
    const char* name = pcap_datalink_val_to_name(number);
    return name == nullptr ? fmt::format("number {}", number) : fmt::format("{} (number {})", name, number);
}

/// Looks at the first byte, which can be given back: none at all, or one that begins gzip, zstd, xz, bzip2 or lz4 and
/// no capture.
std::string_view what_else_it_is(std::FILE* stream) {
    const int first = std::getc(stream);
    if (first == EOF) return "the file is empty";
    std::ungetc(first, stream);
    const bool compressed = first == 0x1f || first == 0x28 || first == 0xfd || first == 'B' || first == 0x04;
    return compressed ? "it looks compressed: zcat FILE | firstfin read -" : "pcap and pcapng can";
}

/// Seconds and nanoseconds of strangers, within what can be counted with.
duration time_of(const timeval& stamp) {
    constexpr std::int64_t farthest = std::int64_t{1} << 32;
    const auto seconds = std::clamp<std::int64_t>(stamp.tv_sec, 0, farthest);
    const auto nanoseconds = std::clamp<std::int64_t>(stamp.tv_usec, 0, 999'999'999);
    return std::chrono::seconds(seconds) + std::chrono::nanoseconds(nanoseconds);
}

}  // namespace

capture_source capture_source::open(const std::string& file) {
    if (file == "-") return {stdin, "standard input"};
    struct stat about {};
    if (::stat(file.c_str(), &about) == 0 && S_ISDIR(about.st_mode))
        throw bad_input(fmt::format("{} is a directory: name a capture file in it", file));
    std::FILE* stream = std::fopen(file.c_str(), "rb");
    if (stream == nullptr) throw bad_input(fmt::format("{} cannot be opened: {}", file, std::strerror(errno)));
    return {stream, file};
}

capture_source::capture_source(std::FILE* stream, std::string name) : name_(std::move(name)) {
    // Larger reads than the 4 KB of the C library. Standard input outlives us: it keeps its own buffer.
    if (stream != stdin) {
        read_ahead_ = std::make_unique_for_overwrite<char[]>(read_ahead);
        std::setvbuf(stream, read_ahead_.get(), _IOFBF, read_ahead);
    }
    const auto hint = what_else_it_is(stream);
    std::array<char, PCAP_ERRBUF_SIZE> why{};
    handle_.reset(pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why.data()));
    if (!handle_) {
        if (stream != stdin) std::fclose(stream);
        throw bad_input(fmt::format("{} cannot be read as a capture ({}): {}", name_, why.data(), hint));
    }
    const int number = pcap_datalink(handle_.get());
    const auto found = std::ranges::find(known_links, number, &known_link::number);
    if (found == known_links.end())
        throw bad_input(
            fmt::format("{} holds frames of link type {}; read are Ethernet with VLAN tags, Linux cooked "
                        "(SLL, SLL2), BSD loopback (null, loop) and raw IP: capture on the IP interface",
                        name_, name_of_link(number)));
    link_ = found->type;
}

std::optional<capture_source::frame> capture_source::next() {
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int got = pcap_next_ex(handle_.get(), &header, &bytes);
    if (got == 1) {
        ++frames_;
        return frame{time_of(header->ts), {bytes, header->caplen}, header->len};
    }
    if (got == PCAP_ERROR) {
        const auto at = position();
        damage_ = fmt::format("reading ended at frame {}{}: {}", frames_ + 1,
                              at ? fmt::format(", at byte {}", *at) : "", pcap_geterr(handle_.get()));
    }
    return std::nullopt;
}

std::string capture_source::link_name() const {
    const char* name = pcap_datalink_val_to_description(pcap_datalink(handle_.get()));
    return name == nullptr ? "" : name;
}

std::optional<std::uint64_t> capture_source::position() const {
    const auto at = std::ftell(pcap_file(handle_.get()));
    return at < 0 ? std::nullopt : std::optional(static_cast<std::uint64_t>(at));
}

}  // namespace firstfin::capture_reading
