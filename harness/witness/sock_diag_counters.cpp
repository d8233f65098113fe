#include "harness/witness/sock_diag_counters.hpp"

#include <fcntl.h>

#include <array>
#include <sstream>

namespace firstfin::witness {

namespace {

constexpr std::string_view overflow_name = "TCPTimeWaitOverflow";

sandbox::unique_fd open_netstat(const sandbox::network_namespace& inside) {
    const sandbox::netns_scope scope(inside);
    constexpr auto path = "/proc/thread-self/net/netstat";
    return sandbox::unique_fd(sandbox::check("open", path, ::open(path, O_RDONLY | O_CLOEXEC)));
}

std::string read_again(int file) {
    std::string text;
    std::array<char, 16384> piece;
    for (;;) {
        const auto size = sandbox::check("read /proc/net/netstat",
                                         ::pread(file, piece.data(), piece.size(), static_cast<off_t>(text.size())));
        if (size == 0) return text;
        text.append(piece.data(), static_cast<std::size_t>(size));
    }
}

}  // namespace

tcp_ext_counters::tcp_ext_counters(const sandbox::network_namespace& inside) : file_(open_netstat(inside)) {}

std::map<std::string, std::uint64_t, std::less<>> tcp_ext_counters::all() const {
    // Pairs of lines, "TcpExt: name name ..." above "TcpExt: number number ...".
    std::map<std::string, std::uint64_t, std::less<>> counters;
    std::istringstream text(read_again(file_.get()));
    for (std::string names, numbers; std::getline(text, names) && std::getline(text, numbers);) {
        if (!names.starts_with("TcpExt:")) continue;
        std::istringstream name_words(names);
        std::istringstream number_words(numbers);
        std::string name;
        std::string number;
        while (name_words >> name && number_words >> number)
            if (name != "TcpExt:") counters[name] = std::stoull(number);
    }
    return counters;
}

std::uint64_t tcp_ext_counters::value(std::string_view name) const {
    const auto counters = all();
    const auto found = counters.find(name);
    if (found == counters.end()) sandbox::fail("read the counter TcpExt " + std::string(name), ENOENT);
    return found->second;
}

overflow_counter::overflow_counter(const sandbox::network_namespace& inside)
    : counters_(inside), before_(counters_.value(overflow_name)) {}

std::uint64_t overflow_counter::lost() const {
    return counters_.value(overflow_name) - before_;
}

}  // namespace firstfin::witness
