#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/capture_reading/connection_record.hpp"
#include "harness/report/summary.hpp"

// The connections of a capture, counted while they are read: idle times and the records that will be listed are all
// that grows with them.

namespace firstfin::capture_reading {

struct capture_counts {
    std::uint64_t connections = 0;
    std::uint64_t refused = 0;          ///< not in `connections`
    std::uint64_t unanswered = 0;       ///< not in `connections`
    report::tally<party> closed_first;  ///< none: still open when the capture ended
    std::uint64_t unknown = 0;
    report::tally<firstfin::ending> ending;
    report::tally<loss> lost;
    std::uint64_t requests = 0;
    std::array<std::vector<duration>, 2> idle_at_close;  ///< by the side that closed first

    void add(const connection_record& one);
    [[nodiscard]] std::uint64_t lost_requests() const { return lost.total() - lost[loss::none]; }
    /// Of the connections that `closer` closed first; nothing when none has a known idle time.
    [[nodiscard]] std::optional<report::spread> idle_of(side closer) const;
    [[nodiscard]] std::optional<report::spread> idle() const;
};

class summary {
public:
    /// Lists at most `listed` connections: those with findings before others, then in order of their beginning.
    explicit summary(std::size_t listed) : limit_(listed) {}

    void add(const connection_record& one);

    [[nodiscard]] const capture_counts& total() const { return total_; }
    /// Those with connections; attempts alone (a port scan) make no server.
    [[nodiscard]] const std::map<endpoint, capture_counts>& servers() const { return servers_; }
    [[nodiscard]] std::vector<connection_record> listed() const;
    [[nodiscard]] duration first_began() const { return first_began_; }
    [[nodiscard]] duration last_ended() const { return last_ended_; }
    [[nodiscard]] std::uint64_t unknown_because(capture_gap why) const { return gaps_[static_cast<std::size_t>(why)]; }
    [[nodiscard]] const report::tally<server_evidence>& server_known_by() const { return server_by_; }
    [[nodiscard]] std::uint64_t counted_by_turns() const { return counted_by_turns_; }
    [[nodiscard]] std::uint64_t impossible() const { return impossible_; }
    [[nodiscard]] bool has_findings() const { return total_.lost_requests() != 0 || impossible_ != 0; }

private:
    void keep(std::vector<connection_record>& list, const connection_record& one) const;

    std::size_t limit_;
    capture_counts total_;
    std::map<endpoint, capture_counts> servers_;
    std::vector<connection_record> with_findings_;
    std::vector<connection_record> others_;
    std::array<std::uint64_t, names_of<capture_gap>.size()> gaps_{};
    report::tally<server_evidence> server_by_;
    std::uint64_t counted_by_turns_ = 0;
    std::uint64_t impossible_ = 0;
    duration first_began_ = duration::max();
    duration last_ended_{};
};

}  // namespace firstfin::capture_reading
