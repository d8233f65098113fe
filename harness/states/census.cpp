#include "harness/states/census.hpp"

#include <algorithm>

namespace firstfin::states {

namespace {

time_left left_of(std::vector<std::uint32_t>& all) {
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::ranges::nth_element(all, middle);
    std::uint64_t median = *middle;
    // Everything before the middle is no larger than it.
    if (all.size() % 2 == 0) median = (median + *std::max_element(all.begin(), middle)) / 2;
    const auto [least, most] = std::ranges::minmax(all);
    return {std::chrono::milliseconds(least), std::chrono::milliseconds(median), std::chrono::milliseconds(most)};
}

}  // namespace

void census_taker::add(const counted_socket& one) {
    const bool server_side = port_ && one.local_port == *port_;
    const bool client_side = port_ && one.remote_port == *port_;
    if (port_ && !server_side && !client_side) return;
    const auto place = static_cast<std::size_t>(one.state);
    if (place >= lines_.size()) return;  // a state younger than this program
    auto& line = lines_[place];
    ++line.sockets;
    if (server_side) ++line.server_side;
    if (client_side) ++line.client_side;
    if (!one.mini) return;
    if (one.state == tcp_state::fin_wait_2) ++line.orphans;
    expiries_[place].push_back(one.expires_ms);
}

census census_taker::result() {
    census out;
    out.port = port_;
    for (std::size_t place = 0; place < lines_.size(); ++place) {
        auto line = lines_[place];
        if (line.sockets == 0) continue;
        line.state = static_cast<tcp_state>(place);
        if (!expiries_[place].empty()) line.left = left_of(expiries_[place]);
        out.total += line.sockets;
        out.server_side += line.server_side;
        out.client_side += line.client_side;
        out.lines.push_back(line);
    }
    std::ranges::stable_sort(out.lines, std::greater{}, &state_line::sockets);
    return out;
}

}  // namespace firstfin::states
