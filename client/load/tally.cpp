#include "client/load/tally.hpp"

namespace firstfin::load {

void tally::add(const tally& other) {
    requests += other.requests;
    opened += other.opened;
    unsent += other.unsent;
    bytes += other.bytes;
    for (std::size_t i = 0; i < failures.size(); ++i)
        failures[i] += other.failures[i];
    first.client += other.first.client;
    first.server += other.first.server;
    first.reset_by_client += other.first.reset_by_client;
    first.reset_by_server += other.first.reset_by_server;
    first.unknown += other.first.unknown;
    open_at_end += other.open_at_end;
    latency.add(other.latency);
    send_delay.add(other.send_delay);
    samples.insert(samples.end(), other.samples.begin(), other.samples.end());
}

report report_of(const tally& all) {
    report out;
    out.requests = all.requests;
    out.opened = all.opened;
    out.unsent = all.unsent;
    out.bytes = all.bytes;
    out.latency = {all.latency.at(0.5), all.latency.at(0.9), all.latency.at(0.99), all.latency.at(0.999),
                   all.latency.max()};
    out.send_delay_p99 = all.send_delay.at(0.99);
    for (const auto& each : names_of<failure>)
        if (const auto count = all.failures[static_cast<std::size_t>(each.value)]; count != 0)
            out.failures[each.value] = count;
    out.first = all.first;
    out.open_at_end = all.open_at_end;
    return out;
}

}  // namespace firstfin::load
