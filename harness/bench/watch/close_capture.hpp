#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "harness/bench/watch/first_fin_tally.hpp"
#include "harness/witness/capture.hpp"

namespace firstfin::bench {

/// What the wire says of a run, and whether it may be believed.
struct wire_closes {
    first_fins first;
    std::uint64_t open = 0;      ///< connections that nobody had closed yet: not among `first`
    std::uint64_t attempts = 0;  ///< no connections: SYNs refused or never answered
    std::uint64_t captured = 0;  ///< segments with SYN, FIN or RST
    std::uint64_t lost = 0;      ///< such segments that were not handed over: above 0 the run is no measurement
    bool whole = false;          ///< everything up to the end was seen, and nothing lost

    friend bool operator==(const wire_closes&, const wire_closes&) = default;
};

/// Who closed first, by a capture at the client's end of the segments that begin and end connections. The kernel
/// filters: what carries requests is never copied. Runs in the io_context it is given and needs no thread (the harness
/// forks, and has none); nothing is lost while the context is busy for a second at 40,000 connections a second.
///
/// Begin before the first connection, and finish when both programs have closed theirs.
class close_capture {
public:
    static constexpr int default_buffer_bytes = 64 * 1024 * 1024;

    /// `interface` of the client's namespace `inside`. Throws where a capture cannot be.
    close_capture(boost::asio::io_context& context, const sandbox::network_namespace& inside,
                  const std::string& interface, const endpoint& server, int buffer_bytes = default_buffer_bytes);
    ~close_capture();
    close_capture(const close_capture&) = delete;
    close_capture& operator=(const close_capture&) = delete;

    /// What has been handed over so far.
    [[nodiscard]] const first_fin_tally& so_far() const { return tally_; }

    /// Reads what is there, up to a marker sent now, for at most `patience`; does not run the context. Watches no more.
    [[nodiscard]] wire_closes finish(duration patience = std::chrono::seconds(5));

private:
    void wait();

    first_fin_tally tally_;
    witness::capture wire_;
    witness::capture::on_frame take_;
    boost::asio::posix::stream_descriptor readable_;
    std::shared_ptr<bool> watching_ = std::make_shared<bool>(true);  // a queued handler outlives a close, and runs
};

}  // namespace firstfin::bench
