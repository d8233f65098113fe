#include "harness/bench/watch/tcp_counters.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sstream>
#include <string>

#include "core/parse_error.hpp"

namespace firstfin::bench {

namespace {
constexpr auto file = "/proc/thread-self/net/snmp";
}

tcp_counters::tcp_counters(const sandbox::network_namespace& inside) {
    const sandbox::netns_scope there(inside);
    file_.reset(::open(file, O_RDONLY | O_CLOEXEC));
    if (!file_) throw environment_lacks(std::string("cannot open ") + file + ": " + std::strerror(errno));
}

tcp_counters::values tcp_counters::now() const {
    std::array<char, 16384> text{};
    const auto bytes = ::pread(file_.get(), text.data(), text.size(), 0);
    std::istringstream lines(std::string(text.data(), bytes > 0 ? static_cast<std::size_t>(bytes) : 0));
    values out;
    int found = 0;
    // Two lines a protocol: names, then values.
    for (std::string names, numbers; std::getline(lines, names) && std::getline(lines, numbers);) {
        if (!names.starts_with("Tcp:")) continue;
        std::istringstream name_words(names);
        std::istringstream number_words(numbers);
        for (std::string name, number; name_words >> name && number_words >> number;) {
            if (name == "OutSegs") {
                out.out_segments = std::stoull(number);
                ++found;
            } else if (name == "RetransSegs") {
                out.retransmitted = std::stoull(number);
                ++found;
            }
        }
    }
    if (found != 2) throw environment_lacks(std::string(file) + ": no OutSegs and RetransSegs of Tcp in it");
    return out;
}

}  // namespace firstfin::bench
