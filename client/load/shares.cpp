#include "client/load/shares.hpp"

#include <algorithm>

namespace firstfin::load {

std::string why_impossible(const order& what) {
    if (what.connections == 0) return "at least one connection is needed";
    if (what.threads == 0) return "at least one thread is needed";
    if (what.pipelining == 0) return "pipelining: at least one request is on its way at once";
    if (what.rate && !(*what.rate > 0)) return "the rate must be above 0";
    if (what.measured <= duration::zero()) return "the measured phase must last";
    if (what.patience <= duration::zero()) return "patience must be above 0";
    return {};
}

std::vector<order> shares_of(const order& what) {
    const auto threads = std::min(what.threads, what.connections);
    std::vector<order> out;
    for (std::uint32_t i = 0; i < threads; ++i) {
        auto share = what;
        share.connections = what.connections / threads + (i < what.connections % threads ? 1 : 0);
        if (what.rate) share.rate = *what.rate * share.connections / what.connections;
        out.push_back(std::move(share));
    }
    return out;
}

}  // namespace firstfin::load
