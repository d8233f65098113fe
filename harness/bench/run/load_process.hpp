#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <csignal>
#include <functional>
#include <optional>

#include "core/load_protocol.hpp"
#include "core/role_protocol.hpp"
#include "harness/sandbox/child_process.hpp"

namespace firstfin::bench {

/// The load side as a process. Its end is the loop's business; destroying it kills it.
class load_process {
public:
    struct handlers {
        std::function<void(const load::phase&)> on_phase;
        std::function<void()> on_end;  ///< report() is there, or complaint()
    };
    /// `child` has pipes for standard input, output and error. Writes the order at once: it fits into a pipe.
    load_process(boost::asio::io_context& loop, sandbox::child_process child, const load::order& what, handlers told);
    load_process(const load_process&) = delete;
    load_process& operator=(const load_process&) = delete;

    [[nodiscard]] const std::optional<load::report>& report() const { return report_; }
    /// Why there is no report, in words.
    [[nodiscard]] std::string complaint();
    /// Its phase ends now; the report comes all the same.
    void interrupt() { child_.signal(SIGTERM); }

private:
    void read();
    void take(std::string_view line);

    sandbox::child_process child_;
    boost::asio::posix::stream_descriptor out_;
    handlers told_;
    std::array<char, 4096> buffer_{};
    role::line_splitter lines_;
    bool has_phase_ = false;
    std::optional<load::report> report_;
    std::string fault_;
};

}  // namespace firstfin::bench
