#include "harness/bench/watch/tcp_counters.hpp"

#include <array>
#include <functional>
#include <span>

namespace firstfin::bench {

namespace {

struct counter {
    const char* name;
    std::int64_t tcp_counts::*field;
};

constexpr std::array of_tcp = {
    counter{"InSegs", &tcp_counts::segments_in},           counter{"OutSegs", &tcp_counts::segments_out},
    counter{"RetransSegs", &tcp_counts::retransmitted},    counter{"CurrEstab", &tcp_counts::established},
    counter{"AttemptFails", &tcp_counts::failed_attempts}, counter{"OutRsts", &tcp_counts::resets_sent}};

constexpr std::array of_tcp_ext = {
    counter{"TW", &tcp_counts::time_waits_begun}, counter{"TWRecycled", &tcp_counts::time_wait_reused},
    counter{"TCPTimeWaitOverflow", &tcp_counts::time_wait_overflow},
    counter{"ListenOverflows", &tcp_counts::listen_overflows}, counter{"ListenDrops", &tcp_counts::listen_drops}};

void read(const witness::counter_group& from, std::span<const counter> counters, tcp_counts& into) {
    const auto all = from.all();
    for (const auto& [name, field] : counters) {
        const auto found = all.find(name);
        if (found == all.end()) sandbox::fail(std::string("read the TCP counter ") + name, ENOENT);
        into.*field = static_cast<std::int64_t>(found->second);
    }
}

template <class Operation>
tcp_counts combined(const tcp_counts& left, const tcp_counts& right, Operation operation) {
    tcp_counts out;
    for (const auto counters : {std::span<const counter>(of_tcp), std::span<const counter>(of_tcp_ext)})
        for (const auto& [name, field] : counters)
            out.*field = operation(left.*field, right.*field);
    return out;
}

}  // namespace

tcp_counts operator-(const tcp_counts& later, const tcp_counts& earlier) {
    return combined(later, earlier, std::minus<>());
}

tcp_counts operator+(const tcp_counts& left, const tcp_counts& right) {
    return combined(left, right, std::plus<>());
}

tcp_counters::tcp_counters(const sandbox::network_namespace& inside) : tcp_(inside, "snmp", "Tcp"), ext_(inside) {}

tcp_counts tcp_counters::now() const {
    tcp_counts out;
    read(tcp_, of_tcp, out);
    read(ext_, of_tcp_ext, out);
    return out;
}

}  // namespace firstfin::bench
